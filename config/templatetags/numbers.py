"""How numbers are written on every page: grouped, signed with a real minus, money in the retailer's currency."""

import math
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.formats import number_format

register = template.Library()

Number = int | float | Decimal | None

UNKNOWN = "not known"
MINUS = "−"
PER_HUNDRED = ("share", "points")
SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}


@register.filter
def money(value: Number, places: int = 2) -> str:
    """1234.5 → €1,234.50; unknown stays unknown."""
    return amount(value, "money", places)


@register.filter
def share(value: Number, places: int = 1) -> str:
    """0.123 → 12.3 %."""
    return amount(value, "share", places)


@register.simple_tag
def amount(value: Number, kind: str = "number", places: int | str = 2, *, signed: bool = False) -> str:
    """Write a number of one `kind`, with a plus sign if it is a difference (`signed`).

    number, money, share (0.123 → 12.3 %), or points, a difference of shares without a unit (0.123 → 12.3).
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    exact = Decimal(str(value)) * (100 if kind in PER_HUNDRED else 1)
    rounded = round(exact, int(places))
    return _sign(rounded, signed=signed) + _dressed(number_format(abs(rounded), int(places), force_grouping=True), kind)


def _sign(value: Decimal, *, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""


def _dressed(digits: str, kind: str) -> str:
    if kind == "share":
        return f"{digits}\N{NO-BREAK SPACE}%"
    if kind == "money":
        code = settings.RETAILER_CURRENCY
        return f"{SYMBOLS.get(code, code + chr(0xA0))}{digits}"
    return digits
