import numpy as np
import pytest
from django.db import transaction
from psycopg import DataError

from loyalty import copying

pytestmark = pytest.mark.django_db

BLOCKS = """
    SELECT block.* FROM generate_series(0, %(last)s, 4) first CROSS JOIN LATERAL (
        SELECT array_agg(n::int8), array_agg((n * 2)::int2), array_agg(n / 4::float8)
        FROM generate_series(first, least(first + 3, %(last)s)) n
        HAVING count(*) > 0
    ) block
"""
KINDS = {"n": "i8", "twice": "i2", "quarter": "f8"}


def blocks(last: int) -> list[dict[str, np.ndarray]]:
    return list(copying.blocks(BLOCKS, {"last": last}, KINDS))


def test_blocks_carry_every_row_of_every_column():
    found = blocks(9)
    assert [block["n"].tolist() for block in found] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [block["twice"].tolist() for block in found] == [[0, 2, 4, 6], [8, 10, 12, 14], [16, 18]]
    assert found[2]["quarter"].tolist() == [2.0, 2.25]


def test_arrays_are_the_readers_own_to_write_to():
    (block,) = blocks(3)
    assert all(column.flags.writeable and column.dtype.isnative for column in block.values())


def test_nothing_comes_in_no_block():
    assert blocks(-1) == []


@pytest.mark.parametrize(
    "column", ["array_agg(1::int4)", "array_agg(nullif(n, 2)::int8)", "ARRAY[[1, 2], [3, 4]]::int8[]"]
)
def test_elements_of_another_width_and_nulls_are_refused_by_name(column):
    query = f"SELECT {column} FROM generate_series(1, 3) n"  # noqa: S608 - ours
    with pytest.raises(ValueError, match="amount is not an array of i8 without nulls"):
        list(copying.blocks(query, {}, {"amount": "i8"}))


@pytest.mark.parametrize("debug", [False, True])
def test_rows_are_read_whether_or_not_queries_are_logged(settings, debug):
    settings.DEBUG = debug
    rows = copying.read("SELECT %(number)s::int8", {"number": 7}, copying.row_type(number="i8"))
    (block,) = copying.blocks("SELECT array_agg(%(number)s::int8)", {"number": 7}, {"number": "i8"})
    assert (rows["number"].tolist(), block["number"].tolist()) == ([7], [7])


def test_all_of_many_rows_are_read():
    query = "SELECT n FROM generate_series(1, 200000) n"
    assert np.array_equal(copying.read(query, {}, copying.row_type(n="i4"))["n"], np.arange(1, 200_001))


def test_a_query_that_fails_halfway_says_why_and_leaves_the_connection_usable():
    row = copying.row_type(n="i4")
    with pytest.raises(DataError, match="division by zero"), transaction.atomic():
        copying.read("SELECT 1 / (150000 - n) FROM generate_series(1, 200000) n", {}, row)
    assert copying.read("SELECT 7", {}, row)["n"].tolist() == [7]


@pytest.mark.parametrize("pause", ["0", "0.05"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_rows_are_read_at_once_and_as_they_come(count, pause):
    query = f"SELECT n FROM generate_series(1, {count}) n WHERE pg_sleep({pause}) IS NOT NULL"  # noqa: S608 - ours
    for _ in range(3):
        assert len(copying.read(query, {}, copying.row_type(n="i4"))) == count
