import pytest

from loyalty.profiling.conditions import Operand
from loyalty.profiling.table import Feature, Value
from loyalty.profiling.wording import member_sentence, near


def feature(kind: str, *, unit: str = "", sentence: str = "It is {value}.") -> Feature:
    return Feature("it", "It", unit, kind, "", "", sentence)


@pytest.mark.parametrize(
    ("value", "operand", "words"),
    [
        (7.333333, 30.0, "7.33"),
        (30.004, 30.0, "30.004"),
        (29.9999, 30.0, "29.9999"),
        (30.00000001, 30.0, "30.00000001"),
        (30.0, 30.0, "30"),
        (12.344, (12.34, 20.0), "12.344"),
    ],
)
def test_a_value_is_rounded_only_as_far_as_it_still_compares(value: float, operand: Operand, words: str) -> None:
    assert near(feature("days"), value, operand) == words


@pytest.mark.parametrize(
    ("kind", "unit", "value", "spoken"),
    [
        ("days", "days", 12, "It was 12 days ago."),
        ("days", "days", 1, "It was 1 day ago."),
        ("days", "days", 7.4, "It was 7 days ago."),
        ("days", "days", 0.6, "It was 1 day ago."),
        ("days", "days", None, "It: we do not know."),
    ],
)
def test_the_member_reads_whole_days(kind: str, unit: str, value: Value, spoken: str) -> None:
    assert member_sentence(feature(kind, unit=unit, sentence="It was {value} days ago."), value) == spoken


@pytest.mark.parametrize(
    ("kind", "value", "spoken"),
    [
        ("money", 1234.5, "It is EUR 1,234.50."),
        ("ratio", 2.345, "It is 2.3."),
        ("share", 0.1234, "It is 12 %."),
        ("count", 3, "It is 3."),
        ("flag", True, "It is yes."),
        ("category", "{0} & co", "It is {0} & co."),
    ],
)
def test_the_member_reads_a_rounded_value(kind: str, value: Value, spoken: str) -> None:
    assert member_sentence(feature(kind), value, currency="EUR") == spoken


def test_money_without_a_currency_is_a_plain_amount() -> None:
    assert member_sentence(feature("money"), 3.0) == "It is 3.00."
