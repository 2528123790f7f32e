from collections.abc import Callable
from dataclasses import astuple

import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.moments import Moments, Paired


def test_moments_of_four_members_are_as_worked_by_hand() -> None:
    of_four = moments.of([1, 2, 3, 6])
    assert of_four == Moments(n=4, total=12.0, total_sq=50.0)
    assert of_four.mean == 3.0
    assert of_four.variance == pytest.approx(14 / 3)  # (50 - 4 x 3²) / 3
    assert of_four.squared_error == pytest.approx(14 / 12)


def test_variance_agrees_with_numpy_on_skewed_spend() -> None:
    spend = np.random.default_rng(1).lognormal(3, 1.5, 10_000)
    # Two sums of 10,000 terms lose at most a few units in the twelfth digit.
    assert moments.of(spend).variance == pytest.approx(spend.var(ddof=1), rel=1e-10)


@pytest.mark.parametrize("value", [0.1, -7.3, 1e9, 1e-9])
def test_equal_values_have_no_spread_in_spite_of_rounding(value: float) -> None:
    assert moments.of([value] * 1001).variance == 0.0


def test_a_small_spread_on_a_large_mean_is_still_a_spread() -> None:
    # Mean 1,000, spread 1: a millionth of the sum of squares; six of the sixteen digits are lost.
    values = 1000 + np.random.default_rng(2).standard_normal(5000)
    assert moments.of(values).variance == pytest.approx(values.var(ddof=1), rel=1e-8)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_an_unusable_value_makes_the_moments_unusable(value: float) -> None:
    assert not moments.of([1.0, value]).is_finite


def test_row_order_is_irrelevant() -> None:
    values = np.random.default_rng(3).gamma(0.3, 50, 1000)
    assert moments.of(values[::-1]).variance == pytest.approx(moments.of(values).variance, rel=1e-12)


@pytest.mark.parametrize(("mean", "near"), [(2.9, True), (3.1, False), (-2.9, True), (-3.1, False), (0.0, True)])
def test_a_mean_is_near_zero_within_three_standard_errors(mean: float, near: bool) -> None:
    standard_error_one = Moments(100, 100 * mean, 99 * 100 + 100 * mean * mean)
    assert standard_error_one.squared_error == pytest.approx(1.0)
    assert standard_error_one.mean_is_near_zero is near


def test_products_of_two_values_are_as_worked_by_hand() -> None:
    found = moments.paired([1, 2, 6], [0, 3, 3])
    assert found == Paired(3, 9.0, 41.0, 6.0, 18.0, 24.0)
    assert found.covariance == pytest.approx((24 - 9 * 6 / 3) / 2)
    assert (found.outcome, found.before) == (Moments(3, 9.0, 41.0), Moments(3, 6.0, 18.0))


def test_correlation_agrees_with_numpy_on_skewed_spend() -> None:
    before = np.random.default_rng(4).lognormal(3, 1.2, 10_000)
    now = before * np.random.default_rng(5).gamma(2, 0.5, 10_000)
    assert moments.paired(now, before).correlation == pytest.approx(np.corrcoef(now, before)[0, 1], rel=1e-9)


def test_values_without_spread_are_not_correlated() -> None:
    assert moments.paired([1, 2, 3], [7, 7, 7]).correlation == 0.0


@pytest.mark.parametrize("values", [[], [1.0], [1.0, np.nan]])
def test_the_correlation_of_too_little_is_unknown(values: list[float]) -> None:
    assert np.isnan(moments.paired(values, values).correlation)


def test_a_value_is_wholly_correlated_with_itself_in_spite_of_rounding() -> None:
    values = np.random.default_rng(6).lognormal(3, 2, 999)
    assert moments.paired(values, values).correlation == pytest.approx(1.0, abs=1e-9)
    assert moments.paired(values, values).correlation <= 1.0


def test_what_was_before_is_taken_out_member_by_member() -> None:
    now, before = np.random.default_rng(7).gamma(0.5, 40, (2, 500))
    found, expected = moments.paired(now, before).less(0.7), moments.of(now - 0.7 * before)
    assert (found.n, found.total, found.variance) == pytest.approx((500, expected.total, expected.variance))


def test_sums_of_two_cells_are_those_of_both_together() -> None:
    now, before = np.random.default_rng(8).gamma(0.5, 40, (2, 500))
    for whole, parts in (
        (moments.of(now), [moments.of(now[:99]), moments.of(now[99:])]),
        (moments.paired(now, before), [moments.paired(now[:99], before[:99]), moments.paired(now[99:], before[99:])]),
        (moments.ratio(now, before), [moments.ratio(now[:99], before[:99]), moments.ratio(now[99:], before[99:])]),
    ):
        assert astuple(parts[0] + parts[1]) == pytest.approx(astuple(whole), rel=1e-12)


@pytest.mark.parametrize("sums", [moments.paired, moments.ratio])
def test_values_that_do_not_line_up_are_refused(sums: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="one entry per member"):
        sums([1.0, 2.0], [1.0])


def test_a_ratio_over_nothing_is_unknown() -> None:
    assert np.isnan(moments.ratio([1, 2], [0, 0]).mean)
    assert moments.ratio([1, 2], [0, 0]).mean_is_near_zero
