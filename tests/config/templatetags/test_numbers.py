from decimal import Decimal

import pytest
from pytest_django.fixtures import Settings

from config.templatetags.numbers import UNKNOWN, amount, money, share


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.214, "+0.21"), (-0.05, "−0.05"), (0.0, "0.00"), (-0.001, "0.00"), (1234567.891, "+1,234,567.89")],
)
def test_a_difference_has_a_sign_unless_it_is_nothing(value: float, written: str) -> None:
    assert amount(value, signed=True) == written


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_not_known_is_never_a_number(value: float | None) -> None:
    assert amount(value) == UNKNOWN


def test_a_share_is_written_per_hundred() -> None:
    assert share(0.12345) == "12.3\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(("places", "written"), [(2, "€1,234.50"), (0, "€1,234")])
def test_money_is_in_the_retailers_currency(settings: Settings, places: int, written: str) -> None:
    settings.RETAILER_CURRENCY = "EUR"
    assert money(Decimal("1234.5"), places) == written


def test_a_loss_has_its_sign_before_the_currency(settings: Settings) -> None:
    settings.RETAILER_CURRENCY = "EUR"
    assert money(-3.2) == "−€3.20"


def test_a_currency_without_a_symbol_is_named(settings: Settings) -> None:
    settings.RETAILER_CURRENCY = "CHF"
    assert money(1) == "CHF\N{NO-BREAK SPACE}1.00"


def test_rounding_is_of_the_number_that_was_given() -> None:
    assert amount(2.675) == "2.68"  # as the reader would round the digits, not their binary shadow


def test_a_difference_of_shares_is_written_in_points_without_a_unit() -> None:
    assert amount(0.1521, "points", signed=True) == "+15.21"
