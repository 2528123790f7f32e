import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from loyalty.files.bounds import empty, outside
from loyalty.files.kinds import KINDS, Column


def test_a_value_on_the_bound_is_inside():
    column = Column("c", "number", lowest=-90, highest=90)
    assert outside(pa.array([-90.0, 90.0, None]), column) == {}


def test_a_value_beyond_says_which_bound():
    column = Column("c", "money", lowest=0)
    assert outside(pa.array([Decimal("-0.0001")], pa.decimal128(18, 4)), column) == {0: "is below 0"}


@pytest.mark.parametrize(
    ("day", "reason"), [(dt.date(1899, 12, 31), "is before 1900"), (dt.date(9999, 1, 1), "is after 2099")]
)
def test_dates_and_times_lie_in_two_centuries(day, reason):
    moment = dt.datetime.combine(day, dt.time(), dt.UTC)
    assert outside(pa.array([day]), Column("c", "date")) == {0: reason}
    assert outside(pa.array([moment], pa.timestamp("us", "UTC")), Column("c", "time")) == {0: reason}


def test_only_a_required_value_must_be_known():
    unknown = pa.array(["x", None])
    assert list(empty(unknown, Column("c", required=True))) == [1]
    assert empty(unknown, Column("c")) == {}
    assert empty(unknown, Column("c", required=True, may_be_empty=True)) == {}


def test_the_bounds_of_every_kind_can_be_compared_with_its_values():
    types = {"integer": pa.int64(), "number": pa.float64()}
    for kind in KINDS.values():
        for column in kind.columns:
            if column.lowest is not None:
                assert outside(pa.array([None], types.get(column.type, pa.decimal128(18, 4))), column) == {}
