"""Thirty looks at a campaign in which nothing happens: an honest interval misleads one time in twenty at most."""

import numpy as np
import pytest

from analytics.measurement import moments, proportions
from analytics.measurement.lift import welch
from analytics.measurement.moments import Moments
from analytics.measurement.sequential import always_valid
from tests.analytics.measurement.reading import lift_of
from tests.analytics.measurement.worlds import baskets, population

pytestmark = pytest.mark.xdist_group("peeking")

CAMPAIGNS, DAYS = 4000, 30
TREATED_A_DAY, HELD_OUT_A_DAY = 360, 40
A_DAY = TREATED_A_DAY + HELD_OUT_A_DAY


def looks(seed: int) -> np.ndarray:
    """(campaigns, days, 2, 2) sums and squares of spend of the members treated, and held out, up to each day."""
    spend = population(200_000, seed=seed).spend
    rng = np.random.default_rng(seed)
    sums = np.empty((CAMPAIGNS, DAYS, 2, 2))
    for campaign in range(CAMPAIGNS):
        drawn = spend[rng.integers(spend.size, size=(DAYS, A_DAY), dtype=np.int32)]
        for arm, members in enumerate((slice(TREATED_A_DAY), slice(TREATED_A_DAY, None))):
            sums[campaign, :, arm, 0] = drawn[:, members].sum(axis=1)
            sums[campaign, :, arm, 1] = (drawn[:, members] ** 2).sum(axis=1)
    return sums.cumsum(axis=1)


@pytest.fixture(scope="module")
def ever_significant() -> dict[str, float]:
    """The share of campaigns in which some look, or the last, excluded 0."""
    fixed, always = np.empty((2, CAMPAIGNS, DAYS), dtype=bool)
    for campaign, days in enumerate(looks(150).tolist()):
        for day, (treated, held_out) in enumerate(days):
            arms = Moments((day + 1) * TREATED_A_DAY, *treated), Moments((day + 1) * HELD_OUT_A_DAY, *held_out)
            lift = lift_of(welch(*arms))
            held = always_valid(lift.estimate, lift.error, (day + 1) * A_DAY, planned_n=DAYS * A_DAY)
            fixed[campaign, day], always[campaign, day] = lift.p < 0.05, not held.low <= 0 <= held.high
    return {
        "always valid": always.any(axis=1).mean(),
        "fixed, every day": fixed.any(axis=1).mean(),
        "fixed, on the planned day": fixed[:, -1].mean(),
    }


def test_who_looks_every_day_is_misled_once_in_twenty_campaigns_at_most(ever_significant: dict[str, float]) -> None:
    assert ever_significant["always valid"] <= 0.05


def test_with_an_interval_for_one_look_every_fourth_campaign_would_mislead(ever_significant: dict[str, float]) -> None:
    assert ever_significant["fixed, every day"] == pytest.approx(0.28, abs=0.04)  # negative control


def test_with_an_interval_for_one_look_the_planned_day_is_honest(ever_significant: dict[str, float]) -> None:
    assert 0.0387 < ever_significant["fixed, on the planned day"] < 0.0613


def spent_by_day(seed: int, *, members: int) -> np.ndarray:
    """(members, days): spend up to each day of members who all take part from the first, some of whom always buy more
    than others."""
    rng = np.random.default_rng(seed)
    level = np.repeat(rng.gamma(0.6, 3.3, members), DAYS) / DAYS
    _, spend = baskets(level, rng)
    return spend.reshape(members, DAYS).cumsum(axis=1)


def test_members_who_take_part_from_the_first_day_may_be_looked_at_every_day_too() -> None:
    misled, naive = 0, 0
    for seed in range(400):
        spend, treated = spent_by_day(seed, members=2000), np.random.default_rng(seed).random(2000) < 0.7
        lifts = [lift_of(welch(moments.of(day[treated]), moments.of(day[~treated]))) for day in spend.T]
        held = [always_valid(lift.estimate, lift.error, day + 1, planned_n=DAYS) for day, lift in enumerate(lifts)]
        misled += any(not each.low <= 0 <= each.high for each in held)
        naive += any(lift.p < 0.05 for lift in lifts)
    assert misled / 400 <= 0.05
    assert naive / 400 > 0.12  # negative control: looks resemble each other, and still mislead


def looked_at(days: int, treated: int, held_out: int) -> tuple[bool, bool]:
    """Whether the interval for every look, and the test for one, find a difference of shares."""
    counts = treated, days * TREATED_A_DAY, held_out, days * HELD_OUT_A_DAY
    apart = treated / counts[1] - held_out / counts[3]
    held = always_valid(apart, proportions.error(*counts), days * A_DAY, planned_n=DAYS * A_DAY)
    return not held.low <= 0 <= held.high, proportions.score_p(*counts) < 0.05


def test_shares_of_members_may_be_looked_at_every_day_too() -> None:
    """One in eight buys, in both arms."""
    sizes = np.array([TREATED_A_DAY, HELD_OUT_A_DAY])
    bought = np.random.default_rng(151).binomial(sizes, 0.125, (1000, DAYS, 2)).cumsum(axis=1)
    found = np.array([[looked_at(day, *each) for day, each in enumerate(days, 1)] for days in bought.tolist()])
    always, naive = found.any(axis=1).mean(axis=0)
    assert always <= 0.05
    assert naive > 0.2  # negative control
