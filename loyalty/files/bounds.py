"""Which cells of a typed column lie outside what the column may hold."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from loyalty.files.columns import rows_where
from loyalty.files.kinds import Column

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
_FIRST_MOMENT = dt.datetime.combine(FIRST_DAY, dt.time.min, dt.UTC)
_LAST_MOMENT = dt.datetime.combine(LAST_DAY, dt.time.max, dt.UTC)


def outside(values: pa.Array, column: Column) -> dict[int, str]:
    """What is wrong with each value beyond its column's bounds, by row."""
    if column.type == "date":
        return _beyond(values, FIRST_DAY, LAST_DAY, ("is before 1900", "is after 2099"))
    if column.type == "time":
        return _beyond(values, _FIRST_MOMENT, _LAST_MOMENT, ("is before 1900", "is after 2099"))
    reasons = f"is below {column.lowest}", f"is above {column.highest}"
    return _beyond(values, column.lowest, column.highest, reasons)


def empty(values: pa.Array, column: Column) -> dict[int, str]:
    """What is wrong with each unknown value of a column that needs one, by row."""
    if not column.required or column.may_be_empty or not values.null_count:
        return {}
    return dict.fromkeys(rows_where(values.is_null()), "is empty, and must not be")


def _beyond(values: pa.Array, lowest: Any, highest: Any, reasons: tuple[str, str]) -> dict[int, str]:
    return _where(pc.less, values, lowest, reasons[0]) | _where(pc.greater, values, highest, reasons[1])


def _where(compare: Callable[..., pa.Array], values: pa.Array, bound: Any, reason: str) -> dict[int, str]:
    if bound is None:
        return {}
    exact = Decimal(str(bound)) if pt.is_decimal(values.type) else bound
    is_beyond = compare(values, pa.scalar(exact, values.type))
    return dict.fromkeys(rows_where(is_beyond), reason) if is_beyond.true_count else {}
