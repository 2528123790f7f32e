import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.profiling.steps import Steps, narrowed

MOST = 2**31 - 1


def column(*values: float, dtype: type = np.float64) -> np.ndarray:
    return np.array(values, dtype=dtype)


@pytest.mark.parametrize(
    ("values", "counts", "per_unit", "dtype"),
    [
        ([1, 5, np.nan], [1, 5, -128], 1, np.int8),
        ([127, -127], [127, -127], 1, np.int8),
        ([128], [128], 1, np.int16),
        ([-128], [-128], 1, np.int16),
        ([32_768, np.nan], [32_768, -(2**31)], 1, np.int32),
        ([12.34, -0.01], [1234, -1], 100, np.int16),
        ([0.0001, 7.5], [1, 75_000], 10_000, np.int32),
        ([MOST, -MOST], [MOST, -MOST], 1, np.int32),
        ([np.nan], [-128], 1, np.int8),
        ([], [], 1, np.int8),
        ([-0.0], [0], 1, np.int8),
    ],
)
def test_a_column_is_kept_in_the_fewest_bytes(values: list, counts: list, per_unit: int, dtype: type) -> None:
    kept = narrowed(column(*values))
    assert (kept.counts.tolist(), kept.per_unit, kept.counts.dtype) == (counts, per_unit, dtype)


@pytest.mark.parametrize("value", [1 / 3, 0.00001, MOST + 1, -MOST - 1, 214_748.3649, np.inf, -np.inf, 1e300, 5e-324])
def test_a_column_with_one_other_number_stays_as_it_is(value: float) -> None:
    values = column(1, 2, value, 4)
    assert narrowed(values) is values


def test_codes_stay_as_they_are() -> None:
    codes = np.array([1, -1], dtype=np.int8)
    assert narrowed(codes) is codes


def test_the_last_row_of_many_decides_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loyalty.profiling.steps.BLOCK_ROWS", 4)
    assert narrowed(column(*range(9), 300)).counts.dtype == np.int16
    assert narrowed(column(*range(9), 0.5)).per_unit == 100
    assert isinstance(narrowed(column(*range(9), 1 / 3)), np.ndarray)


@settings(deadline=None)
@given(
    st.lists(st.integers(-MOST, MOST) | st.integers(-300, 300) | st.none(), max_size=30),
    st.sampled_from([1, 100, 10_000]),
    st.sampled_from([np.float32, np.float64]),
)
def test_what_is_kept_gives_back_every_number(counts: list, per_unit: int, dtype: type) -> None:
    values = column(*(np.nan if count is None else count / per_unit for count in counts), dtype=dtype)
    kept = narrowed(values)
    floats = kept.floats() if isinstance(kept, Steps) else kept
    assert floats.dtype == dtype
    assert np.array_equal(floats, values, equal_nan=True)


def test_hundredths_of_float64_are_always_kept_as_steps() -> None:
    cents = np.random.default_rng(1).integers(-(2**31) + 1, 2**31, 10_000)
    assert np.array_equal(narrowed(cents / 100).counts, cents)


def test_rows_are_picked_as_an_array_picks_them() -> None:
    kept = narrowed(column(1, np.nan, 3))
    assert np.array_equal(kept[[2, 1]].floats(), [3, np.nan], equal_nan=True)
    assert kept[np.array([True, False, True])].floats().tolist() == [1, 3]


def test_as_many_can_be_unknown() -> None:
    unknown = narrowed(column(12.5, 3000)).unknown()
    assert np.isnan(unknown.floats()).tolist() == [True, True]


@pytest.mark.parametrize(
    ("low", "high", "run"),
    [
        (12.34, 12.35, (1234, 1235)),
        (12.331, 12.349, (1234, 1234)),
        (12.341, 12.349, (1235, 1234)),
        (-np.inf, np.inf, (-32_767, 32_767)),
        (1e12, np.inf, (32_768, 32_767)),
        (-np.inf, -1e12, (-32_767, -32_768)),
    ],
)
def test_bounds_between_two_steps_decide_as_they_would_in_floats(low: float, high: float, run: tuple) -> None:
    assert narrowed(column(12.34, 12.35)).between(low, high) == run
