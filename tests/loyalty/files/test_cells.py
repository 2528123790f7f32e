import datetime as dt
import re
from decimal import Decimal

import pytest

from loyalty.files.cells import (
    read_attribute,
    read_category,
    read_date,
    read_decimal,
    read_flag,
    read_integer,
    read_list,
    read_number,
    read_time,
    read_word,
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", "12"),
        ("-0.5", "-0.5"),
        ("+3", "3"),
        (" 1.50 ", "1.5"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("1.50000", "1.5"),
    ],
)
def test_exact_numbers_are_read_exactly(cell, value):
    assert read_decimal(cell) == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1,234.56", "has a comma or a blank in it: write a point before the decimals"),
        ("1.234,56", "has a comma or a blank in it: write a point before the decimals"),
        ("12,5", "has a comma or a blank in it: write a point before the decimals"),
        ("1.23456", "more than four decimals"),
        ("1.00000000000000000000000000001", "more than four decimals"),
        ("100000000000000", "more than 14 digits"),
        ("1e309", "more than 14 digits"),
        ("1e-309", "more than four decimals"),
        ("NaN", "not a finite number"),
        ("-Infinity", "not a finite number"),
        ("1_000", "not a number"),
        ("١٢", "not a number"),
        ("0x1F", "not a number"),
        ("€ 5", "not a number"),
        ("=1+1", "not a number"),
    ],
)
def test_money_that_is_not_exact_says_why(cell, reason):
    with pytest.raises(ValueError, match=reason):
        read_decimal(cell)


def test_a_number_too_large_for_a_float_is_at_fault():
    with pytest.raises(ValueError, match="larger than any number"):
        read_number("1e309")


def test_whole_numbers_may_be_written_as_decimals():
    assert read_integer("1985.0") == 1985


@pytest.mark.parametrize("cell", ["1985.5", "9223372036854775808", "1e300", "x"])
def test_what_is_no_whole_number_is_at_fault(cell):
    with pytest.raises(ValueError, match=r"."):
        read_integer(cell)


@pytest.mark.parametrize("cell", ["2024-02-29", "20240229", " 2024-02-29 ", "2024-02-29T00:00:00", "2024-02-29 00:00"])
def test_dates_are_those_of_iso_8601(cell):
    assert read_date(cell) == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("02/03/2026", "could be 2026-02-03 or 2026-03-02"),
        ("31/12/2026", "write it as 2026-12-31"),
        ("03.03.2026", "write it as 2026-03-03"),
        ("2025-02-29", "not in the calendar"),
        ("2026-13-01", "not in the calendar"),
        ("31/31/2026", "write it in the form YYYY-MM-DD"),
        ("2026-03-02T10:00", "is a time where a date belongs"),
        ("tomorrow", "write it in the form YYYY-MM-DD"),
        ("", "write it in the form YYYY-MM-DD"),
    ],
)
def test_what_is_no_date_says_how_to_write_one(cell, reason):
    with pytest.raises(ValueError, match=reason):
        read_date(cell)


def test_a_stated_zone_makes_the_moment_plain():
    assert read_time("2026-03-02T10:00:00+01:00") == dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def test_a_time_without_zone_is_left_without():
    assert read_time("2026-03-02 10:00:00.5").tzinfo is None


@pytest.mark.parametrize("cell", ["2026-03-02T25:00:00", "2026-03-02T10:00:00+99:00", "02/03/2026 10:00", "noon"])
def test_what_is_no_time_is_at_fault(cell):
    with pytest.raises(ValueError, match="in the form YYYY-MM-DDThh:mm:ss"):
        read_time(cell)


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (read_date, "2026-02-31"), (read_time, "2026-02-31"), (read_time, "2026-02-31T10:00:00"),
        (read_date, "2026-03-02T10:00"), (read_date, "soon"), (read_time, "soon"), (read_time, "31/12/2026 10:00"),
        (read_decimal, "1,5"), (read_decimal, "1 000,00"), (read_number, "NaN"), (read_category, "Food >  > Tea"),
    ],
)  # fmt: skip
def test_no_reason_offers_a_value_that_could_be_typed_in_as_it_stands(read, cell):
    """Whoever mends many rows copies what the reason says: what is not in the cell may not be in the reason."""
    with pytest.raises(ValueError, match=r".") as refused:
        read(cell)
    assert not re.findall(r"[0-9]{4}-[0-9]{2}|[0-9]+\.[0-9]+|Coffee", str(refused.value))


def test_flags_are_true_or_false_in_any_case():
    assert [read_flag(cell) for cell in ("true", "FALSE", "1", "0")] == [True, False, True, False]


@pytest.mark.parametrize("cell", ["yes", "t", "2", "wahr"])
def test_other_words_for_yes_are_at_fault(cell):
    with pytest.raises(ValueError, match="neither true nor false"):
        read_flag(cell)


@pytest.mark.parametrize("cell", ["Open", "e-mail", "1st", "a" * 61, ""])
def test_an_event_kind_is_a_plain_lower_case_name(cell):
    with pytest.raises(ValueError, match="lower-case"):
        read_word(cell)


def test_a_path_is_written_one_way():
    assert read_category("Grocery>Coffee ") == "Grocery > Coffee"


@pytest.mark.parametrize("cell", ["Grocery >", ">", "Grocery > > Coffee"])
def test_a_path_has_no_empty_part(cell):
    with pytest.raises(ValueError, match="empty part"):
        read_category(cell)


def test_a_list_has_each_entry_once():
    assert read_list("alcohol; private_label;;alcohol", choices=()) == ["alcohol", "private_label"]


def test_an_entry_outside_the_choices_is_at_fault():
    with pytest.raises(ValueError, match="not one of email, app"):
        read_list("email;fax", choices=("email", "app"))


@pytest.mark.parametrize(
    ("cell", "json"),
    [
        ("3.5", "3.5"), ("-2", "-2"), ("true", "true"), ("red", '"red"'), ("2026-03-02", '"2026-03-02"'),
        ("007", '"007"'), ("1234567890123456789", '"1234567890123456789"'), ("NaN", '"NaN"'), ("1e309", '"1e309"'),
        ('say "hi"', '"say \\"hi\\""'), ("TRUE", '"TRUE"'),
    ],
)  # fmt: skip
def test_an_attribute_says_itself_what_it_is(cell, json):
    assert read_attribute(cell) == json


@pytest.mark.parametrize("cell", ["serach", "sarch", "searchh", "seerch", "earch", "searc", "searhc", "zearch"])
def test_a_slip_of_the_fingers_is_told_what_was_meant(cell):
    with pytest.raises(ValueError, match="did you mean “search”"):
        read_word(cell, known=("view", "search"))


@pytest.mark.parametrize("cell", ["search", "researched", "review", "viewed", "share", "recipe_cooked"])
def test_a_name_of_the_retailers_own_is_no_slip(cell):
    assert read_word(cell, known=("view", "search")) == cell
