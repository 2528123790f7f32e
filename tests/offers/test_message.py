from pytest_django import Settings

from offers import message, wording
from offers.models import Content, Terms
from tests.offers.conftest import COMPLETE

TERMS = Terms(**COMPLETE)


def test_every_variable_of_the_list_has_a_value(settings: Settings) -> None:
    settings.RETAILER_NAME = "Corner Shop"
    assert message.values(TERMS, first_name="Zoë") == {
        "first_name": "Zoë",
        "retailer": "Corner Shop",
        "offer": "Coffee week",
        "value": "20%",
        "minimum_spend": "€10",
        "valid_until": "31 May 2025",
        "department": "Grocery",
    }


def test_values_are_exactly_the_closed_list() -> None:
    assert set(message.values(TERMS)) == set(wording.VARIABLES)


def test_message_is_filled_in_three_forms() -> None:
    content = Content(subject="{{ value }}\noff", body="Hello {{ first_name }},\n\nuntil <{{ valid_until }}>.")
    made = message.compose(content, TERMS, first_name="Zoë")
    assert made == message.Message(
        subject="20% off",
        text="Hello Zoë,\n\nuntil <31 May 2025>.",
        html="<p>Hello Zoë,</p>\n\n<p>until &lt;31 May 2025&gt;.</p>",
    )
