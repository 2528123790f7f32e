import pytest

from loyalty.profiling.conditions import All, AnyOf, Comparison, InSegment, Not, Operand, Rule
from loyalty.profiling.phrasing import in_words
from loyalty.profiling.table import Feature


def feature(kind: str, *, unit: str = "") -> Feature:
    return Feature("it", "It", unit, kind, "", "", "")


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
        (All((A, InSegment(3, "Lapsing", B))), "It is a and in the segment “Lapsing”"),
        (Not(InSegment(3, "Lapsing", B)), "not (in the segment “Lapsing”)"),
    ],
)
def test_a_nested_rule_reads_with_brackets_where_they_matter(rule: Rule, words: str) -> None:
    assert in_words(rule, {"it": feature("category")}) == words
