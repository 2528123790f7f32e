"""Features, values and comparisons in words: for the marketer who writes a rule and for the member it is about."""

from decimal import Decimal

from loyalty.profiling.conditions import Operand
from loyalty.profiling.table import Feature, Value

DIGITS = {"days": 0, "count": 0, "ratio": 1, "share": 2}
ROUNDING = (2, 4, 6)
UNITS_SAID = ("money", "ratio")  # the labels of the others say what is counted


def member_sentence(feature: Feature, value: Value, *, currency: str = "") -> str:
    """The feature's sentence with the member's value in it, rounded to what one would say; money with the currency."""
    if value is None:
        return f"{feature.label}: we do not know."
    spoken, sentence = _spoken(feature, value, currency), feature.sentence
    if spoken == "1":
        sentence = sentence.replace(f"{{value}} {feature.unit}", f"{{value}} {feature.unit.removesuffix('s')}")
    return sentence.replace("{value}", spoken)


def condition(feature: Feature, op: str, operand: Operand) -> str:
    """A comparison without its feature, such as “is at most 30” or “is at least 200 EUR”."""
    unit = f" {feature.unit}" if feature.kind in UNITS_SAID and feature.unit and operand is not None else ""
    return _compared(feature, op, operand) + unit


def _compared(feature: Feature, op: str, operand: Operand) -> str:
    match op, operand:
        case "between", (low, high):
            return f"is between {exact(feature, low)} and {exact(feature, high)}"
        case "in", (only,):
            return f"is {exact(feature, only)}"
        case "in", tuple(values):
            return f"is one of {', '.join(exact(feature, value) for value in values)}"
        case "equals", value if not isinstance(value, tuple):
            return f"is {exact(feature, value)}"
        case _, None:
            return f"is {op}"
        case _, value if not isinstance(value, tuple):
            return f"is {op.replace('_', ' ')} {exact(feature, value)}"
    raise ValueError(f"{op} does not go with {operand}.")


def exact(feature: Feature, value: Value) -> str:
    """A value to its last digit: “1,234.5”, “12.5 %”, “Gold”, “yes”, “unknown”."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    number = Decimal(repr(value))
    return f"{_plain(number * 100)} %" if feature.kind == "share" else _plain(number)


def near(feature: Feature, value: Value, operand: Operand) -> str:
    """A value rounded as far as it still compares with the operand as it truly does."""
    if not isinstance(value, float):
        return exact(feature, value)
    limits = [limit for limit in (operand if isinstance(operand, tuple) else (operand,)) if isinstance(limit, float)]
    more = 2 if feature.kind == "share" else 0
    for digits in ROUNDING:
        rounded = round(value, digits + more)
        if all(_side(rounded, limit) == _side(value, limit) for limit in limits):
            return exact(feature, rounded)
    return exact(feature, value)


def _spoken(feature: Feature, value: Value, currency: str) -> str:
    if isinstance(value, bool | str | None):
        return exact(feature, value)
    if feature.kind == "money":
        return f"{currency} {value:,.2f}".strip()
    return exact(feature, round(float(value), DIGITS.get(feature.kind, 2)))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():,f}" if number else "0"


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)
