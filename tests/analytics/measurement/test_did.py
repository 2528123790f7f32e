import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from analytics.measurement import moments
from analytics.measurement.did import difference_in_differences
from analytics.measurement.lift import welch
from tests.analytics.measurement import published
from tests.analytics.measurement.reading import lift_of, reason_of

TREATED = np.array([True, True, True, False, False, False])


def test_changes_are_compared_as_worked_by_hand() -> None:
    # Changes 2, 4, 6 against 1, 2, 3: variances 4 and 1, so error² = 5/3 and df = 50/17.
    lift = lift_of(difference_in_differences([9, 1, 4, 0, 8, 7], [11, 5, 10, 1, 10, 10], TREATED))
    half = stats.t.ppf(0.975, 50 / 17) * math.sqrt(5 / 3)
    assert (lift.estimate, lift.low, lift.high) == pytest.approx((2.0, 2.0 - half, 2.0 + half))


def test_the_arithmetic_is_that_of_the_published_study() -> None:
    (before, after), (reference_before, reference_after) = (
        published.CARD_KRUEGER["treated"],
        published.CARD_KRUEGER["reference"],
    )
    apart = np.array([-1.0, 0.0, 1.0])
    befores = [*before + 0 * apart, *reference_before + 0 * apart]
    afters = [*after + apart, *reference_after + apart]
    lift = lift_of(difference_in_differences(befores, afters, TREATED))
    # The paper's means are rounded to two decimals, its difference comes from the means before rounding.
    assert lift.estimate == pytest.approx(published.CARD_KRUEGER["difference"], abs=0.02)


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_a_regression_on_members_with_robust_errors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    treated = rng.random(300) < 0.4
    level = rng.lognormal(3, 1, 300)
    before, after = level * rng.gamma(2, 0.5, 300), level * rng.gamma(2, 0.55, 300)
    fit = sm.OLS(after - before, sm.add_constant(treated.astype(float))).fit(cov_type="HC2")
    lift = lift_of(difference_in_differences(before, after, treated))
    # Welch's error is the regression's "HC2" error.
    half = stats.t.ppf(0.975, lift.df) * fit.bse[1]
    expected = fit.params[1], fit.params[1] - half, fit.params[1] + half
    assert (lift.estimate, lift.low, lift.high) == pytest.approx(expected, rel=1e-8, abs=1e-8)


def test_a_lasting_difference_between_the_groups_is_no_lift() -> None:
    rng = np.random.default_rng(8)
    treated = np.arange(2000) < 800
    level = rng.lognormal(3, 0.5, 2000) * np.where(treated, 3, 1)
    before, after = level + rng.normal(0, 5, 2000), level + rng.normal(0, 5, 2000)
    naive = lift_of(welch(moments.of(after[treated]), moments.of(after[~treated])))
    lift = lift_of(difference_in_differences(before, after, treated))
    assert naive.low > 20  # negative control: what a bare comparison would have claimed
    assert lift.low < 0 < lift.high


def test_there_is_no_relative_figure() -> None:
    lift = lift_of(difference_in_differences([9, 1, 4, 0, 8, 7], [11, 5, 10, 1, 10, 10], TREATED))
    assert (lift.relative, lift.relative_low, lift.relative_high) == (None, None, None)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_unknown_total_is_not_measured(value: float) -> None:
    assert "unknown" in reason_of(difference_in_differences([value, 1, 4, 0, 8, 7], [value, 5, 10, 1, 10, 10], TREATED))


@pytest.mark.parametrize("treated", [TREATED | True, TREATED & False])
def test_a_group_without_members_is_not_measured(treated: np.ndarray) -> None:
    assert "Too few members" in reason_of(difference_in_differences(np.zeros(6), np.arange(6), treated))


def test_members_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(ValueError, match="one entry per member"):
        difference_in_differences([1, 2], [1, 2, 3], np.array([True, False, True]))
