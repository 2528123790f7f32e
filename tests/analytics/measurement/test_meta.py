import math

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from analytics.measurement.lift import NotMeasured
from analytics.measurement.meta import Pooled, random_effects
from tests.analytics.measurement.reading import reason_of


def pooled(estimates: list[float] | np.ndarray, errors: list[float] | np.ndarray) -> Pooled:
    outcome = random_effects(estimates, errors)
    assert isinstance(outcome, Pooled), outcome
    return outcome


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_statsmodels(seed: int) -> None:
    # Effects so far apart that their variance is above 0: statsmodels goes on with a negative one.
    rng = np.random.default_rng(seed)
    errors = rng.uniform(0.3, 2, 9)
    estimates = 1 + 4 * rng.standard_normal(9) + errors * rng.standard_normal(9)
    theirs = combine_effects(estimates, errors**2, method_re="dl")
    ours = pooled(estimates, errors)
    table = theirs.summary_frame(alpha=0.05).loc["random effect"]
    expected = (table["eff"], table["ci_low"], table["ci_upp"], theirs.tau2)
    assert (ours.estimate, ours.low, ours.high, ours.between) == pytest.approx(expected, rel=1e-8)
    assert ours.i_squared == pytest.approx(theirs.i2, rel=1e-8)


def test_campaigns_that_agree_are_weighed_by_their_precision() -> None:
    found = pooled([1.0, 1.0], [1.0, 2.0])
    assert (found.estimate, found.between, found.i_squared, found.campaigns) == (1.0, 0.0, 0.0, 2)
    assert found.error == pytest.approx(1 / math.sqrt(1 + 1 / 4))


def test_campaigns_that_differ_make_the_interval_wider() -> None:
    alike, apart = pooled([1, 1.2, 0.9], [0.3, 0.3, 0.3]), pooled([3, 1.2, -1.1], [0.3, 0.3, 0.3])
    assert apart.error > 3 * alike.error


def test_intervals_cover_the_mean_effect_of_campaigns_that_differ() -> None:
    rng = np.random.default_rng(90)
    errors = rng.uniform(0.5, 1.5, (1000, 30))
    estimates = 2 + rng.standard_normal((1000, 30)) + errors * rng.standard_normal((1000, 30))
    found = [pooled(one, error) for one, error in zip(estimates, errors, strict=True)]
    assert 0.92 <= np.mean([one.low <= 2 <= one.high for one in found]) <= 0.97  # 30 campaigns tell tau² but roughly
    weight = 1 / errors**2
    fixed, half = (estimates * weight).sum(axis=1) / weight.sum(axis=1), 1.96 / np.sqrt(weight.sum(axis=1))
    assert (np.abs(fixed - 2) <= half).mean() < 0.9  # negative control: as if all had the same effect


@pytest.mark.parametrize("campaigns", [0, 1])
def test_a_single_campaign_is_not_pooled(campaigns: int) -> None:
    assert "fewer than two" in reason_of(random_effects([1.0] * campaigns, [1.0] * campaigns))


@pytest.mark.parametrize(("estimates", "errors"), [([1, 2], [1]), ([1, 2], [1, 0]), ([1, math.nan], [1, 1])])
def test_campaigns_that_were_not_measured_are_refused(estimates: list[float], errors: list[float]) -> None:
    with pytest.raises(ValueError, match=r"one estimate|not measured"):
        assert isinstance(random_effects(estimates, errors), NotMeasured)
