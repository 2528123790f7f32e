"""The measures are believed because they are right as often as they say, in worlds where the truth is planted."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analytics.measurement import moments
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.did import difference_in_differences
from analytics.measurement.lift import Lift, newcombe, welch
from analytics.measurement.moments import Moments
from analytics.measurement.power import DetectableLift, detectable_lift
from analytics.measurement.ratio import ratio_lift
from analytics.measurement.tails import skewness
from analytics.measurement.validity import is_mismatch, sample_ratio
from tests.analytics.measurement.reading import lift_of
from tests.analytics.measurement.worlds import MEMBERS, SHARE_HELD_OUT, Arm, campaigns, population

# The null campaigns are made once, so their tests stay together on one core.
pytestmark = pytest.mark.xdist_group("calibration")

# What must hold of 4,000 null campaigns at 5 %, and of intervals at 95 %.
NULL_CAMPAIGNS, FALSE_POSITIVES, COVERED = 4000, (0.0387, 0.0613), (0.935, 0.965)
TARGETED_CAMPAIGNS = 1000
PEOPLE = population(20_000, seed=11)
MEAN = float(PEOPLE.spend.mean())

Campaigns = list[tuple[Arm, Arm]]
Measure = Callable[[Arm, Arm], Lift]


def by_cuped(treated: Arm, held_out: Arm) -> Lift:
    found = adjusted(treated.paired(), held_out.paired())
    assert isinstance(found, Adjusted)
    return found.lift


METHODS: dict[str, Measure] = {
    "welch": lambda treated, held_out: lift_of(welch(treated.moments(), held_out.moments())),
    "cuped": by_cuped,
    "winsorised": lambda treated, held_out: lift_of(welch(treated.moments("clipped"), held_out.moments("clipped"))),
    "ratio": lambda treated, held_out: lift_of(ratio_lift(treated.ratio(), held_out.ratio())),
}


@pytest.fixture(scope="module")
def null() -> Campaigns:
    return campaigns(PEOPLE, NULL_CAMPAIGNS, seed=12)


def lifts(measure: Measure, among: Campaigns, *, raised: float = 0.0) -> list[Lift]:
    """Where every treated member spent a share more."""
    return [measure(treated.raised(raised), held_out) for treated, held_out in among]


def positives(found: list[Lift]) -> float:
    return float(np.mean([lift.p < 0.05 for lift in found]))


def coverage(found: list[Lift], planted: float) -> float:
    return float(np.mean([lift.low <= planted <= lift.high for lift in found]))


def test_the_population_is_as_skewed_as_described() -> None:
    assert 0.3 < (PEOPLE.spend == 0).mean() < 0.5
    assert PEOPLE.spend.std() / MEAN == pytest.approx(2.0, abs=0.1)
    assert np.corrcoef(PEOPLE.spend, PEOPLE.before)[0, 1] > 0.3


@pytest.mark.parametrize("method", METHODS)
def test_without_an_effect_one_report_in_twenty_is_a_false_positive(null: Campaigns, method: str) -> None:
    low, high = FALSE_POSITIVES
    assert low < positives(lifts(METHODS[method], null)) < high


@pytest.mark.parametrize("method", METHODS)
def test_without_an_effect_every_p_is_equally_likely(null: Campaigns, method: str) -> None:
    found = [lift.p for lift in lifts(METHODS[method], null)]
    assert stats.kstest(found, "uniform").pvalue > 0.001


@pytest.mark.parametrize("method", ["welch", "cuped", "ratio"])
def test_an_effect_in_the_null_campaigns_would_be_found_out(null: Campaigns, method: str) -> None:
    assert positives(lifts(METHODS[method], null, raised=0.05)) > FALSE_POSITIVES[1]


@pytest.mark.parametrize("method", METHODS)
def test_a_narrower_interval_would_be_found_out(null: Campaigns, method: str) -> None:
    found = lifts(METHODS[method], null)
    assert np.mean([abs(lift.estimate) < 0.85 * (lift.high - lift.low) / 2 for lift in found]) < COVERED[0]


@pytest.mark.parametrize("method", ["welch", "cuped"])
@pytest.mark.parametrize("by", [0.01, 0.02, 0.05, 0.1])
def test_intervals_cover_the_planted_lift_as_often_as_they_say(null: Campaigns, method: str, by: float) -> None:
    assert COVERED[0] <= coverage(lifts(METHODS[method], null, raised=by), by * MEAN) <= COVERED[1]


@pytest.mark.parametrize("method", ["welch", "cuped"])
@pytest.mark.parametrize("by", [0.01, 0.1])
def test_relative_intervals_cover_the_planted_share_as_often_as_they_say(
    null: Campaigns, method: str, by: float
) -> None:
    found = lifts(METHODS[method], null, raised=by)
    relative = np.array([(lift.relative_low, lift.relative_high) for lift in found], dtype=float)
    assert COVERED[0] <= ((relative[:, 0] <= by) & (by <= relative[:, 1])).mean() <= COVERED[1]


@pytest.mark.parametrize("method", ["welch", "cuped"])
@pytest.mark.parametrize("by", [0.02, 0.1])
def test_estimates_are_right_in_the_mean(null: Campaigns, method: str, by: float) -> None:
    estimates = np.array([lift.estimate for lift in lifts(METHODS[method], null, raised=by)])
    allowed = max(0.02 * by * MEAN, 3 * estimates.std(ddof=1) / np.sqrt(NULL_CAMPAIGNS))
    assert abs(estimates.mean() - by * MEAN) < allowed


@pytest.mark.parametrize("method", ["welch", "cuped"])
def test_a_detectable_lift_is_found_as_often_as_promised(method: str) -> None:
    # With as many members held out as Kohavi's rule for skewed values asks for, 355 times the squared skewness. What is
    # found is a point or two less: a lift by a share widens the spread of the treated, and a held-out arm with much
    # spend by chance has a wide spread too.
    held_out = math.ceil(355 * skewness(PEOPLE.spend) ** 2)
    before = moments.paired(PEOPLE.spend, PEOPLE.before)
    promised = detectable_lift(
        before.outcome,
        members=round(held_out / SHARE_HELD_OUT),
        share_held_out=SHARE_HELD_OUT,
        r_squared=before.correlation**2 if method == "cuped" else 0.0,
    )
    assert isinstance(promised, DetectableLift)
    assert promised.relative is not None
    among = campaigns(PEOPLE, 2000, seed=22, held_out=held_out)
    assert positives(lifts(METHODS[method], among, raised=promised.relative)) == pytest.approx(0.8, abs=0.03)


def errors(found: list[Lift]) -> float:
    return float(np.std([lift.estimate for lift in found]))


def test_a_past_that_tells_nothing_costs_less_than_a_hundredth_of_the_variance(null: Campaigns) -> None:
    def unrelated(treated: Arm, held_out: Arm) -> Lift:
        found = adjusted(treated.paired("unrelated"), held_out.paired("unrelated"))
        assert isinstance(found, Adjusted)
        return found.lift

    plain = errors(lifts(METHODS["welch"], null))
    assert (errors(lifts(unrelated, null)) / plain) ** 2 < 1.01
    assert (errors(lifts(by_cuped, null)) / plain) ** 2 < 0.9  # and one that tells something takes it out


def test_without_an_effect_shares_of_purchasers_are_right_as_often_as_spend() -> None:
    sizes = round(MEMBERS * (1 - SHARE_HELD_OUT)), round(MEMBERS * SHARE_HELD_OUT)
    buyers = np.random.default_rng(14).binomial(sizes, (PEOPLE.spend > 0).mean(), (NULL_CAMPAIGNS, 2))
    arms = [[Moments(n, yes, yes) for n, yes in zip(sizes, world, strict=True)] for world in buyers.tolist()]
    found = [lift_of(newcombe(treated, held_out)) for treated, held_out in arms]
    low, high = FALSE_POSITIVES
    assert low < positives(found) < high
    assert 1 - high < coverage(found, 0.0) < 1 - low


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
    found, bare = zip(*(targeted_lift(seed, effect=5.0) for seed in range(TARGETED_CAMPAIGNS)), strict=True)
    assert COVERED[0] <= coverage(list(found), 5.0) <= COVERED[1]
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
    assert alarms(MEMBERS, lost=0.0, seed=30, count=10_000) < 0.001 + 3.29 * math.sqrt(0.001 / 10_000)


@pytest.mark.parametrize(("members", "power"), [(20_000, 0.12), (100_000, 0.93), (1_000_000, 1.0)])
def test_lost_records_of_held_out_members_raise_the_alarm(members: int, power: float) -> None:
    # The power of the non-central chi-square; 3 standard errors over 2,000 worlds are 2 points.
    assert alarms(members, lost=0.05, seed=31, count=2000) == pytest.approx(power, abs=0.025)
