import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.files.columns import convert_column
from loyalty.files.kinds import Column


def converted(of_type, *texts, **more):
    return convert_column(pa.array(texts, pa.string()), Column("c", of_type, **more), time_zone="UTC")


@pytest.mark.parametrize(
    ("of_type", "text", "value", "stored"),
    [
        ("reference", "00123", "00123", pa.string()),
        ("reference", " x ", " x ", pa.string()),
        ("reference", "1234567890123456789", "1234567890123456789", pa.string()),
        ("text", "  Ada  ", "Ada", pa.string()),
        ("word", "offer_viewed", "offer_viewed", pa.string()),
        ("category", "A>B", "A > B", pa.string()),
        ("list", "a;b", ["a", "b"], pa.list_(pa.string())),
        ("attribute", "3", "3", pa.string()),
        ("flag", "true", True, pa.bool_()),
        ("integer", "7", 7, pa.int64()),
        ("number", "0.1", 0.1, pa.float64()),
        ("quantity", "0.385", Decimal("0.3850"), pa.decimal128(18, 4)),
        ("money", "-12.34", Decimal("-12.3400"), pa.decimal128(18, 4)),
        ("date", "2026-03-02", dt.date(2026, 3, 2), pa.date32()),
        ("time", "2026-03-02", dt.datetime(2026, 3, 2, tzinfo=dt.UTC), pa.timestamp("us", "UTC")),
    ],
)
def test_each_type_of_column_has_its_own_type_in_the_table(of_type, text, value, stored):
    values, faults = converted(of_type, text, None)
    assert (values.to_pylist(), values.type, faults) == ([value, None], stored, {})


def test_a_choice_is_one_of_those_given():
    assert converted("choice", "a", "z", choices=("a", "b")).faults == {1: "is not one of a, b"}


@pytest.mark.parametrize("of_type", ["reference", "text", "attribute"])
def test_blanks_alone_are_unknown(of_type):
    assert converted(of_type, "  ", "\t").values.to_pylist() == [None, None]


LONGEST = [("reference", 200), *((each, 10_000) for each in ("text", "attribute", "category", "list"))]


@pytest.mark.parametrize(("of_type", "longest"), LONGEST)
def test_a_text_has_a_greatest_length_in_characters(of_type, longest):
    assert list(converted(of_type, "é" * longest, "é" * (longest + 1)).faults) == [1]


@pytest.mark.parametrize("of_type", ["reference", "text", "attribute", "category", "list"])
def test_a_nul_byte_in_a_text_is_at_fault(of_type):
    assert converted(of_type, "a", "a\0b").faults == {1: "holds a NUL byte"}


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e309", "NaN"])
def test_a_number_is_finite(text):
    assert list(converted("number", "1", text, "2").faults) == [1]


def test_numbers_in_hexadecimal_are_no_numbers():
    assert list(converted("integer", "0x10").faults) == [0]


def test_references_that_look_alike_stay_apart():
    texts = ["a", "A", "a ", "é", "e\u0301", "i", "İ", "\u202ea", "a\u200b"]
    assert len(set(converted("reference", *texts).values.to_pylist())) == len(texts)


BLANKS = st.text(alphabet=" \t\x1c\x85\u00a0\u2003\u3000\u200b,a\u00e9", max_size=4)


@given(st.lists(st.none() | BLANKS, max_size=6), st.integers(0, 3))
@settings(max_examples=400, deadline=None)
def test_a_reference_is_unknown_if_it_is_blank_and_else_as_written(texts, skipped):
    column = pa.array([*["x"] * skipped, *texts], pa.string()).slice(skipped)
    values, faults = convert_column(column, Column("c", "reference"), time_zone="UTC")
    assert values.to_pylist() == [None if text is None or text.isspace() else text for text in texts]
    assert not faults


@pytest.mark.parametrize("skipped", [0, 1])
def test_a_fault_is_found_in_part_of_a_longer_column(skipped):
    column = pa.array(["a\0b", "x" * 201, "fine"]).slice(skipped)
    faults = convert_column(column, Column("c", "reference"), time_zone="UTC").faults
    assert faults == {
        row - skipped: words
        for row, words in {0: "holds a NUL byte", 1: "is longer than 200 characters"}.items()
        if row >= skipped
    }
