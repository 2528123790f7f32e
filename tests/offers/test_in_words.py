import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import Settings

from offers import in_words
from offers.models import Terms


@pytest.mark.parametrize(
    ("amount", "words"),
    [("5", "€5"), ("4.5", "€4.50"), ("0.0125", "€0.0125"), ("1234567", "€1,234,567"), ("10.0000", "€10")],
)
def test_money_has_the_decimals_it_needs(amount: str, words: str) -> None:
    assert in_words.money(Decimal(amount)) == words


def test_currency_without_a_sign_is_written_by_its_code(settings: Settings) -> None:
    settings.RETAILER_CURRENCY = "CHF"
    assert in_words.money(Decimal(5)) == "CHF\N{NO-BREAK SPACE}5"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("percent", "12.5", "12.5%"),
        ("amount", "5", "€5"),
        ("points", "1500", "1,500 points"),
        ("multiplier", "3.0000", "3× points"),
        ("free_item", "4.5", "€4.50"),
        ("information", "0", ""),
    ],
)
def test_value_reads_by_its_kind(kind: str, value: str, words: str) -> None:
    assert in_words.value(Terms(kind=kind, value=Decimal(value))) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [("percent", "20% off"), ("free_item", "A free item worth €20"), ("points", "20 points"), ("service", "Service")],
)
def test_benefit_says_what_the_value_is(kind: str, words: str) -> None:
    assert in_words.benefit(Terms(kind=kind, value=Decimal(20))) == words


FIRST, LAST = dt.date(2025, 5, 1), dt.date(2025, 5, 31)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (FIRST, LAST, "1 May 2025 to 31 May 2025"),
        (FIRST, None, "from 1 May 2025"),
        (None, LAST, "until 31 May 2025"),
        (None, None, "always"),
    ],
)
def test_validity_reads_by_its_ends(first: dt.date | None, last: dt.date | None, words: str) -> None:
    assert in_words.validity(Terms(valid_from=first, valid_until=last)) == words


def test_channels_are_listed_by_name() -> None:
    assert in_words.channels(Terms(channels=["email", "app"])) == "E-mail and App inbox"


def test_terms_of_nobody_came_from_a_file() -> None:
    assert in_words.person(None) == "a file"
