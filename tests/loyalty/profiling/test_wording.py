import pytest

from loyalty.profiling.conditions import All, AnyOf, Comparison, Not, Operand, Rule
from loyalty.profiling.table import Feature, Value
from loyalty.profiling.wording import in_words, member_sentence, near


def feature(kind: str, *, unit: str = "", sentence: str = "It is {value}.") -> Feature:
    return Feature("it", "It", unit, kind, "", "", sentence)


@pytest.mark.parametrize(
    ("kind", "op", "operand", "words"),
    [
        ("days", "at_most", 30.0, "It is at most 30"),
        ("money", "at_least", 1234.5, "It is at least 1,234.5"),
        ("share", "at_least", 0.125, "It is at least 12.5 %"),
        ("share", "at_most", 0.07, "It is at most 7 %"),
        ("days", "between", (0.0, 7.0), "It is between 0 and 7"),
        ("score", "in", (4.0, 5.0), "It is one of 4, 5"),
        ("number", "equals", -1e12, "It is -1,000,000,000,000"),
        ("category", "equals", "Gold", "It is Gold"),
        ("category", "in", ("Gold", "Silver"), "It is one of Gold, Silver"),
        ("category", "in", ("Gold",), "It is Gold"),
        ("flag", "equals", True, "It is yes"),
        ("flag", "equals", False, "It is no"),
        ("days", "known", None, "It is known"),
        ("days", "unknown", None, "It is unknown"),
    ],
)
def test_a_comparison_reads_as_a_marketer_would_say_it(kind: str, op: str, operand: Operand, words: str) -> None:
    assert in_words(Comparison("it", op, operand), {"it": feature(kind)}) == words


@pytest.mark.parametrize(
    ("kind", "unit", "words"),
    [
        ("money", "EUR", "It is between 5 and 10 EUR"),
        ("ratio", "times average", "It is between 5 and 10 times average"),
        ("days", "days", "It is between 5 and 10"),
    ],
)
def test_money_and_ratios_say_their_unit(kind: str, unit: str, words: str) -> None:
    assert in_words(Comparison("it", "between", (5.0, 10.0)), {"it": feature(kind, unit=unit)}) == words


A, B, C = (Comparison("it", "equals", word) for word in ("a", "b", "c"))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (All(()), "everybody"),
        (AnyOf(()), "nobody"),
        (All((A, B, C)), "It is a and It is b and It is c"),
        (AnyOf((A, All((B, C)))), "It is a or (It is b and It is c)"),
        (All((A, AnyOf((B,)))), "It is a and It is b"),
        (Not(All((A, B))), "not (It is a and It is b)"),
    ],
)
def test_a_nested_rule_reads_with_brackets_where_they_matter(rule: Rule, words: str) -> None:
    assert in_words(rule, {"it": feature("category")}) == words


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
