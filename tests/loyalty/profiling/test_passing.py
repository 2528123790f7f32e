from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.profiling.conditions import Comparison
from loyalty.profiling.passing import test as passes
from loyalty.profiling.steps import Steps, narrowed
from loyalty.profiling.table import Column, Feature, Profiles

ALL = slice(None)
BY_FLOATS: dict[str, Callable[..., np.ndarray]] = {
    "at_least": lambda column, low: column >= low,
    "at_most": lambda column, high: column <= high,
    "between": lambda column, low, high: (column >= low) & (column <= high),
    "equals": lambda column, value: column == value,
    "in": lambda column, *values: np.isin(column, np.array(values, dtype=column.dtype)),
    "known": lambda column: ~np.isnan(column),
    "unknown": np.isnan,
}
# Whole counts where types end, and where float32 no longer tells neighbours apart.
EDGES = [0, 1, -1, 126, 127, 128, -127, -128, 32_767, -32_768, 2**24, 2**24 + 1, 2**31 - 1, -(2**31) + 1, 2**31]
ENDS = [np.inf, -np.inf, 1e12, -1e12, 5e-324, -0.0, 12.345, 214_748.3647]


def of(column: Column) -> Profiles:
    feature = Feature("x", "X", "", "number", "", "", "")
    return Profiles(date(2026, 3, 1), np.arange(len(column)), {"x": column}, {}, {"x": feature})


def comparison(op: str, values: list[float]) -> Comparison:
    operand = {"between": tuple(sorted(values[:2])), "in": tuple(values), "known": None, "unknown": None}
    return Comparison("x", op, operand.get(op, values[0]))


def around(value: float, dtype: type) -> list[float]:
    """The value, and those beside it in its own type and in float64."""
    with np.errstate(over="ignore", under="ignore"):
        beside = [np.nextafter(dtype(value), dtype(to)) for to in (-np.inf, np.inf)]
    return [float(each) for each in (value, *beside, np.nextafter(value, -np.inf), np.nextafter(value, np.inf))]


@settings(deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("op", BY_FLOATS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_pass_as_the_floats_they_stand_for(data: st.DataObject, op: str, dtype: type) -> None:
    per_unit = data.draw(st.sampled_from([1, 100, 10_000]))
    counts = data.draw(st.lists(st.integers(-400, 400) | st.sampled_from(EDGES[:-1]), min_size=1, max_size=20))
    floats = np.array([*(count / per_unit for count in counts), np.nan], dtype=dtype)
    kept = narrowed(floats)
    near = [value for count in (*counts, *EDGES) for value in around(count / per_unit, dtype)]
    values = data.draw(st.lists(st.sampled_from(near + ENDS) | st.floats(-500, 500), min_size=2, max_size=20))
    rule = comparison(op, [float(dtype(value)) for value in values])
    operands = rule.operand if isinstance(rule.operand, tuple) else (rule.operand,)
    expected = BY_FLOATS[op](floats, *(dtype(each) for each in operands if each is not None))
    for column in (kept, floats):
        assert passes(rule, of(column))(ALL).tolist() == expected.tolist()


@pytest.mark.parametrize("count", [2, 40])
def test_many_numbers_are_found_in_wide_steps(count: int) -> None:
    floats = np.arange(0, 1_000_000, 333, dtype=np.float64) / 100
    kept = narrowed(floats)
    assert isinstance(kept, Steps)
    wanted = (*floats[:: len(floats) // count].tolist(), 0.005, 1e11)
    found = passes(Comparison("x", "in", wanted), of(kept))(ALL)
    assert floats[found].tolist() == [value for value in floats.tolist() if value in wanted]
