import datetime as dt
import random
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loyalty.files import parquet
from loyalty.files.refusal import FileRefused
from tests.loyalty.files.reading import read

NOON = dt.datetime.fromisoformat("2026-07-01T12:00")
LINE = {"line_ref": ["l1"], "basket_ref": ["b1"], "purchased_at": [NOON], "quantity": [1], "net_amount": [1.5]}


@pytest.fixture
def table(tmp_path):
    """A Parquet file with these columns."""

    def write(columns, **options):
        pq.write_table(pa.table(columns), tmp_path / "file.parquet", **options)
        return tmp_path / "file.parquet"

    return write


def only(path, kind="purchases"):
    (row,), rejects = read(path, kind)
    assert not rejects
    return row


def test_whole_numbers_are_references_to_the_last_digit(table):
    assert only(table(LINE | {"line_ref": [1234567890123456789]}))["line_ref"] == "1234567890123456789"


def test_a_reference_in_floating_point_is_refused(table):
    with pytest.raises(FileRefused, match="“line_ref” holds floating-point"):
        read(table(LINE | {"line_ref": [1.0]}), "purchases")


@pytest.mark.parametrize("values", [pa.array([{"a": 1}]), pa.array([[1]]), pa.array([["a"]])])
def test_a_nested_column_is_refused(table, values):
    with pytest.raises(FileRefused, match="nested"):
        read(table(LINE | {"basket_ref": values}), "purchases")


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1], pa.duration("s")), pa.array([1], pa.time32("s")), pa.array([True]), pa.array([NOON]),
        pa.array([Decimal("1.5")]),
    ],
)  # fmt: skip
def test_a_column_of_a_type_that_does_not_fit_is_refused(table, values):
    with pytest.raises(FileRefused, match="write it as text"):
        read(table(LINE | {"basket_ref": values}), "purchases")


@pytest.mark.parametrize(
    "amount",
    [pa.array([12.35]), pa.array([12.35], pa.float32()), pa.array([Decimal("12.350000")]), pa.array(["12.35"])],
)
def test_money_is_taken_as_it_is_written(table, amount):
    assert only(table(LINE | {"net_amount": amount}))["net_amount"] == Decimal("12.35")


@pytest.mark.parametrize("amount", [0.1 + 0.2, 1e-9, float("nan"), float("inf"), 1e20])
def test_money_that_is_not_exact_is_rejected_by_row(table, amount):
    rows, (reject,) = read(table(LINE | {"net_amount": [amount]}), "purchases")
    assert (rows, reject.column, reject.line) == ([], "net_amount", 1)


def test_a_time_without_zone_is_the_retailers(table):
    assert only(table(LINE))["purchased_at"] == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_time_with_zone_is_that_moment(table, unit):
    moments = pa.array([NOON.replace(tzinfo=dt.UTC)], pa.timestamp(unit, "America/New_York"))
    assert only(table(LINE | {"purchased_at": moments}))["purchased_at"] == NOON.replace(tzinfo=dt.UTC)


def test_a_time_beyond_the_calendar_is_rejected_by_row(table):
    rows, rejects = read(table(LINE | {"purchased_at": pa.array([2**62], pa.timestamp("us"))}), "purchases")
    assert (len(rows), len(rejects)) == (0, 1)


@pytest.mark.parametrize(
    "day", [pa.array([dt.date(2026, 7, 1)]), pa.array([20260701]), pa.array([dt.datetime.fromisoformat("2026-07-01")])]
)
def test_days_come_in_several_types(table, day):
    assert only(table({"member_ref": ["m1"], "joined_on": day}), "members")["joined_on"] == dt.date(2026, 7, 1)


def test_flags_come_as_such(table):
    consent = {"member_ref": ["m1"], "purpose": ["marketing"], "channel": ["email"], "granted": [True], "at": [NOON]}
    assert only(table(consent), "consents")["granted"] is True


def test_attributes_keep_their_types(table):
    member = {"member_ref": ["m1"], "attr_a": [1.5], "attr_b": [True], "attr_c": ["x"], "attr_d": [float("nan")]}
    assert only(table(member), "members")["attributes"] == '{"a": 1.5, "b": true, "c": "x", "d": null}'


def test_coded_and_unknown_columns_are_read(table):
    coded = pa.array(["store"]).dictionary_encode()
    row = only(table(LINE | {"channel": coded, "offer_ref": pa.nulls(1)}))
    assert (row["channel"], row["offer_ref"]) == ("store", None)


def test_text_that_is_not_utf_8_costs_its_row(table):
    names = pa.array([b"A", b"Caf\xe9"], pa.binary())
    rows, (reject,) = read(table({"store_ref": ["s1", "s2"], "name": names}), "stores")
    assert ([row["store_ref"] for row in rows], reject.line, reject.column) == (["s1"], 2, "name")


def test_rows_are_counted_on_across_blocks(table, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS", 3)
    rows, _ = read(table({"store_ref": list("abcdefgh"), "name": list("abcdefgh")}, row_group_size=4), "stores")
    assert [row["line"] for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_file_without_rows_is_read(table):
    assert read(table({"store_ref": pa.array([], pa.string()), "name": pa.array([], pa.string())}), "stores") == (
        [],
        [],
    )


def test_a_damaged_file_is_refused(table):
    path = table(LINE)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FileRefused, match="cut short or damaged"):
        read(path, "purchases")


def test_a_text_repeated_a_million_times_is_refused_unexpanded(table):
    names = pa.DictionaryArray.from_arrays(pa.array([0] * 30_000, pa.int32()), pa.array(["x" * 100_000]))
    path = table({"store_ref": pa.array(range(30_000)), "name": names})
    assert path.stat().st_size < 2**20
    with pytest.raises(FileRefused, match="100,000 bytes on average"):
        read(path, "stores")


def test_a_missing_column_is_refused_by_name(table):
    with pytest.raises(FileRefused, match="“name”"):
        read(table({"store_ref": ["s1"]}), "stores")


def test_damage_to_any_bytes_is_refused_or_harmless(table):
    path = table({name: values * 50 for name, values in LINE.items()})
    whole, chance = path.read_bytes(), random.Random(7)
    for _ in range(150):
        damaged = bytearray(whole)
        damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        assert _rows_or_refusal(path) in (50, "refused")


def _rows_or_refusal(path):
    try:
        rows, rejects = read(path, "purchases")
    except FileRefused:
        return "refused"
    return len(rows) + len(rejects)


def test_a_text_without_characters_is_unknown_as_an_empty_cell_is(table):
    empty = {"line_ref": ["", "l2"], "basket_ref": ["b1"] * 2, "discount_amount": ["", ""], "channel": ["", ""]}
    rows, rejects = read(table({name: values * 2 for name, values in LINE.items()} | empty), "purchases")
    assert [(row["line_ref"], row["discount_amount"], row["channel"]) for row in rows] == [("l2", None, None)]
    assert [(reject.line, reject.reason) for reject in rejects] == [(1, "is empty, and must not be")]
