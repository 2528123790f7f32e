import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.files.times import INSTANT
from loyalty.staging import binary, table

TYPES = {
    "words": (pa.string(), "text", st.text(st.characters(blacklist_characters="\0", codec="utf-8"), max_size=9)),
    "flags": (pa.bool_(), "boolean", st.booleans()),
    "whole": (pa.int64(), "bigint", st.integers(-(2**63), 2**63 - 1)),
    "float": (pa.float64(), "double precision", st.floats(allow_nan=False)),
    "money": (
        pa.decimal128(18, 4),
        "numeric(18, 4)",
        st.integers(-(10**18) + 1, 10**18 - 1).map(lambda e4: Decimal(e4).scaleb(-4)),
    ),
    "day": (pa.date32(), "date", st.dates()),
    "moment": (INSTANT, "timestamptz", st.datetimes(timezones=st.just(dt.UTC))),
}


def stored(columns: dict[str, pa.Array | pa.ChunkedArray]) -> list[tuple[object, ...]]:
    """What PostgreSQL has of these columns after COPY."""
    kinds = {name: sql for name, (_, sql, _) in TYPES.items()}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.copied")
        listed = ", ".join(f"{name} {kinds.get(name, 'text')}" for name in columns)
        cursor.execute(f"CREATE TEMP TABLE copied ({listed}) ON COMMIT DROP")
        table.fill("copied", list(columns), binary.pieces(pa.table(columns)))
        cursor.execute("SELECT * FROM copied")
        return cursor.fetchall()


def rows(columns):
    return list(zip(*(column.to_pylist() for column in columns.values()), strict=True))


@pytest.mark.parametrize("name", TYPES)
def test_a_value_comes_back_as_it_was(db, name):
    kind, _, values = TYPES[name]

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(st.lists(st.none() | values, min_size=1, max_size=20))
    def agree(listed):
        columns = {name: pa.array(listed, kind)}
        assert stored(columns) == rows(columns)

    agree()


def test_columns_keep_to_their_rows(db):
    columns = {
        "whole": pa.array([1, None, 3]),
        "words": pa.array(["a", "", None]),
        "flags": pa.array([True, None, False]),
    }
    assert stored(columns) == [(1, "a", True), (None, "", None), (3, None, False)]


def test_a_column_may_begin_within_its_memory_and_consist_of_several_parts(db):
    money = pa.array([Decimal(number) for number in range(9)], pa.decimal128(18, 4))
    columns = {"money": pa.chunked_array([money.slice(2, 3), money.slice(7)])}
    assert stored(columns) == [(Decimal(number),) for number in (2, 3, 4, 7, 8)]


def test_a_list_is_text_with_semicolons(db):
    assert stored({"list": pa.array([["a", "b"], [], None])}) == [("a;b",), ("",), (None,)]


def test_many_rows_go_in_pieces(db, monkeypatch):
    monkeypatch.setattr(binary, "LARGEST_PIECE", 100)
    columns = {"whole": pa.array(range(100))}
    assert len(list(binary.pieces(pa.table(columns)))) > 5
    assert stored(columns) == rows(columns)


def test_no_rows_are_no_pieces(db):
    assert stored({"whole": pa.array([], pa.int64())}) == []


def test_a_type_without_a_form_is_refused():
    with pytest.raises(KeyError):
        list(binary.pieces(pa.table({"whole": pa.array([1], pa.int16())})))
