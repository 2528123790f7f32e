"""The measures are believed because they are right as often as they say, in worlds where the truth is planted.

Members' spend is a gamma-Poisson number of baskets of log-normal amounts: many zeros, a long tail, a coefficient of
variation of 2. Every world is a fresh draw of members from a large population of such spend.
"""

from collections.abc import Iterator

import numpy as np
import pytest
from scipy import stats

from analytics.measurement import moments
from analytics.measurement.did import difference_in_differences
from analytics.measurement.lift import Lift, newcombe, welch
from analytics.measurement.moments import Moments
from analytics.measurement.power import DetectableLift, detectable_lift
from analytics.measurement.validity import is_mismatch, sample_ratio
from tests.analytics.measurement.reading import lift_of

# The null worlds are made once, so their tests stay together on one core.
pytestmark = pytest.mark.xdist_group("calibration")

MEMBERS = 20_000
SHARE_HELD_OUT = 0.1
WORLDS = 1000
# What must hold of 4,000 null worlds at 5 %, and of 1,000 intervals at 95 %.
NULL_WORLDS, FALSE_POSITIVES = 4000, (0.0387, 0.0613)
COVERED = (0.935, 0.965)


def skewed_spend(members: int, *, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    baskets = rng.poisson(rng.gamma(0.6, 3.3, members))
    amounts = rng.lognormal(3.0, 1.2, int(baskets.sum()))
    return np.bincount(np.repeat(np.arange(members), baskets), weights=amounts, minlength=members)


POPULATION = skewed_spend(200_000, seed=11)


def worlds(count: int, *, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Treated and held-out members' spend, before anything was done to them."""
    rng = np.random.default_rng(seed)
    held_out = round(MEMBERS * SHARE_HELD_OUT)
    for _ in range(count):
        spend = POPULATION[rng.integers(POPULATION.size, size=MEMBERS, dtype=np.int32)]
        yield spend[held_out:], spend[:held_out]


def raised(by: float, *, count: int = WORLDS, seed: int) -> list[Lift]:
    """Lifts found where every treated member spent a share more."""
    return [
        lift_of(welch(moments.of(treated * (1 + by)), moments.of(held_out)))
        for treated, held_out in worlds(count, seed=seed)
    ]


def false_positives(lifts: list[Lift]) -> float:
    return float(np.mean([lift.p < 0.05 for lift in lifts]))


def coverage(lifts: list[Lift], planted: float) -> float:
    return float(np.mean([lift.low <= planted <= lift.high for lift in lifts]))


@pytest.fixture(scope="module")
def null_lifts() -> list[Lift]:
    return raised(0.0, count=NULL_WORLDS, seed=12)


def test_the_population_is_as_skewed_as_described() -> None:
    assert 0.3 < (POPULATION == 0).mean() < 0.5
    assert POPULATION.std() / POPULATION.mean() == pytest.approx(2.0, abs=0.1)


def test_without_an_effect_one_report_in_twenty_is_a_false_positive(null_lifts: list[Lift]) -> None:
    low, high = FALSE_POSITIVES
    assert low < false_positives(null_lifts) < high


def test_without_an_effect_every_p_is_equally_likely(null_lifts: list[Lift]) -> None:
    assert stats.kstest([lift.p for lift in null_lifts], "uniform").pvalue > 0.001


def test_an_effect_in_the_null_worlds_would_be_found_out() -> None:
    assert false_positives(raised(0.05, seed=13)) > FALSE_POSITIVES[1]


def test_without_an_effect_shares_of_purchasers_are_right_as_often_as_spend() -> None:
    sizes = round(MEMBERS * (1 - SHARE_HELD_OUT)), round(MEMBERS * SHARE_HELD_OUT)
    buyers = np.random.default_rng(14).binomial(sizes, (POPULATION > 0).mean(), (NULL_WORLDS, 2))
    arms = [[Moments(n, yes, yes) for n, yes in zip(sizes, world, strict=True)] for world in buyers.tolist()]
    lifts = [lift_of(newcombe(treated, held_out)) for treated, held_out in arms]
    low, high = FALSE_POSITIVES
    assert low < false_positives(lifts) < high
    assert 1 - high < coverage(lifts, 0.0) < 1 - low


@pytest.mark.parametrize("by", [0.0, 0.01, 0.02, 0.05, 0.1])
def test_intervals_cover_the_planted_lift_as_often_as_they_say(by: float) -> None:
    lifts = raised(by, seed=round(1000 * by))
    assert COVERED[0] <= coverage(lifts, by * POPULATION.mean()) <= COVERED[1]


@pytest.mark.parametrize("by", [0.0, 0.1])
def test_relative_intervals_cover_the_planted_share_as_often_as_they_say(by: float) -> None:
    relative = np.array([(lift.relative_low, lift.relative_high) for lift in raised(by, seed=20)], dtype=float)
    assert COVERED[0] <= ((relative[:, 0] <= by) & (by <= relative[:, 1])).mean() <= COVERED[1]


@pytest.mark.parametrize("by", [0.02, 0.1])
def test_estimates_are_right_in_the_mean(by: float) -> None:
    estimates = np.array([lift.estimate for lift in raised(by, seed=21)])
    planted = by * POPULATION.mean()
    allowed = max(0.02 * planted, 3 * estimates.std(ddof=1) / np.sqrt(WORLDS))
    assert abs(estimates.mean() - planted) < allowed


def test_a_narrower_interval_would_be_found_out(null_lifts: list[Lift]) -> None:
    narrower = [abs(lift.estimate) < 0.9 * (lift.high - lift.low) / 2 for lift in null_lifts]
    assert np.mean(narrower) < COVERED[0]


def test_a_detectable_lift_is_found_as_often_as_promised() -> None:
    promised = detectable_lift(moments.of(POPULATION), members=MEMBERS, share_held_out=SHARE_HELD_OUT)
    assert isinstance(promised, DetectableLift)
    assert promised.relative is not None
    found = false_positives(raised(promised.relative, count=2000, seed=22))
    assert found == pytest.approx(0.8, abs=0.03)


def targeted_lift(seed: int, *, effect: float) -> tuple[Lift, Lift]:
    """Difference-in-differences and bare comparison, the best customers chosen, everyone spending more in season."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(1.5, 40, 3000)
    treated = rng.random(3000) < level / (level + 60)
    before, season = level * rng.gamma(2, 0.5, 3000), 8.0
    after = level * rng.gamma(2, 0.5, 3000) + season + effect * treated
    bare = welch(moments.of(after[treated]), moments.of(after[~treated]))
    return lift_of(difference_in_differences(before, after, treated)), lift_of(bare)


def test_difference_in_differences_covers_the_effect_among_targeted_members() -> None:
    lifts, bare = zip(*(targeted_lift(seed, effect=5.0) for seed in range(WORLDS)), strict=True)
    assert COVERED[0] <= coverage(list(lifts), 5.0) <= COVERED[1]
    assert coverage(list(bare), 5.0) == 0  # negative control


def alarms(members: int, *, lost: float, seed: int, count: int) -> float:
    """How often the sample ratio raises the alarm when a share of the held-out members' records is lost."""
    held_out = np.random.default_rng(seed).binomial(members, SHARE_HELD_OUT, count)
    kept = np.random.default_rng(seed + 1).binomial(held_out, 1 - lost)
    shares = [SHARE_HELD_OUT, 1 - SHARE_HELD_OUT]
    counts = zip(kept.tolist(), (members - held_out).tolist(), strict=True)
    return float(np.mean([is_mismatch(sample_ratio(pair, shares)) for pair in counts]))


def test_the_sample_ratio_rarely_alarms_for_nothing() -> None:
    # One in a thousand, with 3.29 standard errors over 10,000 worlds.
    assert alarms(MEMBERS, lost=0.0, seed=30, count=10_000) < 0.001 + 3.29 * np.sqrt(0.001 / 10_000)


@pytest.mark.parametrize(("members", "power"), [(20_000, 0.12), (100_000, 0.93), (1_000_000, 1.0)])
def test_lost_records_of_held_out_members_raise_the_alarm(members: int, power: float) -> None:
    # The power of the non-central chi-square; 3 standard errors over 2,000 worlds are 2 points.
    assert alarms(members, lost=0.05, seed=31, count=2000) == pytest.approx(power, abs=0.025)
