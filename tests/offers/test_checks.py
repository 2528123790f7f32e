import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from loyalty.models import Product
from offers import checks
from offers.models import Content, Terms
from tests.offers.conftest import COMPLETE, TEXTS

ON = dt.date(2025, 5, 5)


def problems(*, email: str = "Good", **facts: Any) -> list[str]:
    terms = Terms(**{**COMPLETE, "channels": ["email"], **facts})
    return checks.problems(terms, [Content(channel="email", subject="Coffee", body=email)], on=ON)


def advice(*, email: str = "Good", **facts: Any) -> list[str]:
    terms = Terms(**{**COMPLETE, "channels": ["email"], **facts})
    return checks.advice(terms, [Content(channel="email", subject="Coffee", body=email)])


def test_complete_terms_have_no_problems() -> None:
    contents = [Content(channel=channel, subject=text.subject, body=text.body) for channel, text in TEXTS.items()]
    assert checks.problems(Terms(**COMPLETE), contents, on=ON) == []


def test_last_day_may_be_today() -> None:
    assert problems(valid_until=ON) == []


def test_yesterday_is_over() -> None:
    assert problems(valid_until=ON - dt.timedelta(days=1)) == ["its last day, 4 May 2025, is over"]


@pytest.mark.parametrize("kind", ["percent", "amount", "points", "multiplier", "free_item"])
def test_nothing_is_not_given(kind: str) -> None:
    assert "is zero, which gives nothing" in problems(kind=kind, value=Decimal(0))[0]


@pytest.mark.parametrize("kind", ["information", "service"])
def test_information_and_service_need_no_value(kind: str) -> None:
    assert problems(kind=kind, value=Decimal(0)) == []


def test_more_than_the_price_is_not_given() -> None:
    assert problems(value=Decimal(101)) == ["101% off is more than the whole price"]


def test_multiplier_of_one_changes_nothing() -> None:
    assert problems(kind="multiplier", value=Decimal(1)) == ["1× points is no more than members get anyway"]


def test_no_channel_is_named() -> None:
    assert problems(channels=[]) == ["no channel is chosen"]


def test_listed_channel_without_text_is_named() -> None:
    assert problems(channels=["app"]) == [
        "the subject of the app message is empty",
        "the text of the app message is empty",
    ]


def test_text_of_blanks_is_empty() -> None:
    assert problems(email=" \n ") == ["the text of the e-mail is empty"]


def test_unknown_variable_is_named_with_its_place() -> None:
    assert problems(email="{{ frist_name }}") == [
        "in the text of the e-mail, there is no variable “frist_name” (did you mean first_name?)"
    ]


def test_variable_that_these_terms_do_not_have_is_named() -> None:
    text = "Until {{ valid_until }}"
    assert problems(email=text, valid_until=None) == [
        "the text of the e-mail uses valid_until, which this offer does not have"
    ]


def test_variable_with_a_default_is_enough() -> None:
    assert problems(email='Until {{ valid_until | default: "further notice" }}', valid_until=None) == []


def test_text_of_a_channel_that_is_not_listed_does_not_matter() -> None:
    terms = Terms(**{**COMPLETE, "channels": ["email"]})
    contents = [Content(channel="email", subject="a", body="b"), Content(channel="app", subject="{{", body="")]
    assert checks.problems(terms, contents, on=ON) == []


def test_alcohol_is_restricted_by_age() -> None:
    wine = Product(name="Wine", flags=["alcohol"])
    assert problems(product=wine) == ["Wine is alcohol, and the offer is not restricted by age"]


def test_restricted_alcohol_is_fine() -> None:
    assert problems(product=Product(name="Wine", flags=["alcohol"]), age_restricted=True) == []


def test_points_without_a_cost_are_thought_over() -> None:
    assert "points cost nothing here" in advice(kind="points")[0]


def test_amount_above_the_minimum_is_thought_over() -> None:
    assert "€20 off can be more than the whole basket" in advice(kind="amount", minimum_spend=Decimal(0))[0]


def test_first_name_without_a_default_is_thought_over() -> None:
    assert "members without a first name" in advice(email="Hello {{ first_name }}")[0]


def test_good_terms_have_no_advice() -> None:
    assert advice() == []
