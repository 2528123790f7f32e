from collections.abc import Iterator

import numpy as np
import pytest

from analytics.measurement import fieller, moments
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.lift import welch
from tests.analytics.measurement.reading import lift_of
from tests.analytics.measurement.worlds import population


def by_trying(
    estimate: float, mean: float, variances: tuple[float, float], covariance: float, quantile: float
) -> tuple[float, float]:
    """The ends of the shares that are not ruled out, each tried."""
    tried = np.linspace(-5, 5, 2_000_001)
    error = np.sqrt(variances[0] - 2 * tried * covariance + tried**2 * variances[1])
    held = tried[np.abs(estimate - tried * mean) <= quantile * error]
    return float(held.min()), float(held.max())


@pytest.mark.parametrize("covariance", [-0.02, 0.0, 0.02])
@pytest.mark.parametrize("estimate", [-0.4, 0.0, 0.48])
def test_ends_are_those_of_all_shares_that_are_not_ruled_out(estimate: float, covariance: float) -> None:
    given = estimate, 1.9, (0.05, 0.04), covariance
    assert fieller.ends(*given, quantile=1.96) == pytest.approx(by_trying(*given, 1.96), abs=1e-5)


def test_it_is_the_textbook_form_for_independent_means() -> None:
    """Fieller 1954 in the form of Finney (1978), in whom g is how near the mean is to 0."""
    g = 1.96**2 * 0.25 / 25
    half = np.sqrt((1 - g) * 1 + 4 * 0.25) / 5 * 1.96 / (1 - g)
    assert fieller.ends(10, 5, (1, 0.25), 0, quantile=1.96) == pytest.approx((2 / (1 - g) - half, 2 / (1 - g) + half))


def test_where_the_mean_may_be_0_there_is_no_end() -> None:
    assert fieller.ends(0.5, 0.3, (0.05, 0.04), 0.0, quantile=1.96) is None


def small_campaigns(count: int = 400) -> Iterator[tuple[np.ndarray, ...]]:
    """Of few members, in whom the delta method's range is much wider than the difference's."""
    people, rng = population(5_000, seed=31), np.random.default_rng(32)
    for _ in range(count):
        rows = rng.choice(5_000, 300, replace=False)
        spend, before = people.clipped[rows], people.before[rows]
        yield spend[:200] * 1.4, before[:200], spend[200:], before[200:]


def test_no_range_in_per_cent_says_otherwise_than_the_difference() -> None:
    """And the control: the delta method's does."""
    differ = 0
    for treated, treated_before, others, others_before in small_campaigns():
        lift = lift_of(welch(moments.of(treated), moments.of(others)))
        low, high = fieller.relative(lift, moments.of(others)) or (np.nan, np.nan)
        assert (low > 0, high < 0) == (lift.low > 0, lift.high < 0)
        pair = moments.paired(others, others_before)
        found = adjusted(moments.paired(treated, treated_before), pair)
        assert isinstance(found, Adjusted)
        low, high = fieller.relative_adjusted(found.lift, pair, found.theta) or (np.nan, np.nan)
        assert (low > 0, high < 0) == (found.lift.low > 0, found.lift.high < 0)
        assert found.lift.relative_low is not None
        differ += (found.lift.relative_low > 0) != (found.lift.low > 0)
    assert differ > 10


def test_a_mean_below_0_is_taken_by_its_size() -> None:
    treated, others = np.array([-8.0, -9, -7, -8.5]), np.array([-10.0, -11, -9, -10.5])
    lift = lift_of(welch(moments.of(treated), moments.of(others)))
    mirrored = lift_of(welch(moments.of(-treated), moments.of(-others)))
    low, high = fieller.relative(lift, moments.of(others)) or (np.nan, np.nan)
    assert fieller.relative(mirrored, moments.of(-others)) == pytest.approx((-high, -low))
    assert low > 0


def test_of_many_members_it_is_the_delta_methods() -> None:
    people = population(200_000, seed=33)
    lift = lift_of(welch(moments.of(people.clipped[:100_000]), moments.of(people.clipped[100_000:])))
    found = fieller.relative(lift, moments.of(people.clipped[100_000:]))
    assert found == pytest.approx((lift.relative_low, lift.relative_high), abs=3e-4)


def test_a_share_of_the_mean_is_covered_as_often_as_said() -> None:
    """Of 2,000 campaigns that bring 40 % more; 0.935 to 0.965 is what is asked of all intervals."""
    rng, covered = np.random.default_rng(34), 0
    for _ in range(2_000):
        treated, others = rng.gamma(0.8, 1.4, 250), rng.gamma(0.8, 1.0, 250)
        lift = lift_of(welch(moments.of(treated), moments.of(others)))
        low, high = fieller.relative(lift, moments.of(others)) or (np.nan, np.nan)
        covered += low <= 0.4 <= high
    assert 0.935 < covered / 2_000 < 0.965
