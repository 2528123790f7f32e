import numpy as np
import pytest

from analytics.body import Estimate, Few
from analytics.judging.enough import is_told
from analytics.measurement import moments, tails
from analytics.measurement.lift import welch
from tests.analytics.measurement.reading import lift_of

FEW = Few("held_out", 60, 400)


@pytest.mark.parametrize(
    ("each", "few", "expected"),
    [
        (Estimate(1.0, 0.4, 1.6), None, True),
        (Estimate(-1.0, -1.6, -0.4), None, True),
        (Estimate(1.0, -0.1, 2.1), None, False),
        (Estimate(1.0, 0.4, 1.6), FEW, False),
        (Estimate(1.0, 0.6, 1.4), FEW, True),
        (Estimate(-1.0, -1.4, -0.6), FEW, True),
        (Estimate(1.0, 0.99, 1.01), Few("held_out", 30, 901), False),
    ],
)
def test_among_few_members_only_what_leaves_no_doubt_is_told(each, few, expected):
    assert is_told(each, few) == expected


def test_among_few_members_no_gain_is_told_too_often_where_there_is_none():
    """And the control: by the range as it is, twice as often as it says."""
    rng = np.random.default_rng(71)
    spend = rng.lognormal(0, 1, 50_000) * (rng.random(50_000) < 0.3)
    ceiling = tails.clipped(spend, float(np.quantile(spend, 0.999)))
    few = Few("held_out", 60, tails.members_needed(tails.skewness(ceiling), 500, 60))
    found = []
    for arm in rng.choice(ceiling, (4_000, 560)):
        lift = lift_of(welch(moments.of(arm[:500]), moments.of(arm[500:])))
        each = Estimate(lift.estimate, lift.low, lift.high)
        found.append((each.low > 0, each.low > 0 and is_told(each, few)))
    as_it_is, told = np.mean(found, axis=0)
    assert as_it_is > 0.05
    assert told < 0.025
