import datetime as dt

import numpy as np
import pytest

from analytics.gathering.members import Members
from analytics.programme import judging
from analytics.programme.judging import Compared
from analytics.programme.people import ARMS

QUARTER = dt.timedelta(days=91)
N = 4_000


@pytest.fixture
def compared():
    """A fifth take part in nothing; margins repeat what they were before, and everybody else brings 1 more."""

    def compared(*, length=QUARTER, whale=0.0, seed=5, **more):
        rng = np.random.default_rng(seed)
        arm = (rng.random(N) < 0.2).astype(np.int8)
        before = rng.gamma(2, 5, N)
        now = before + rng.normal(0, 1, N) + (arm == 0)
        now[0] += whale
        members = Members(np.arange(N), arm, ARMS, np.zeros(N, np.int16), np.zeros(N))
        columns = {name: make(rng, arm) for name, make in more.items()}
        return Compared(members, {"margin": now, **columns}, {"margin": before}, length)

    return compared


def test_what_was_before_the_draw_is_taken_out(compared):
    found = judging.margin(compared())
    assert found.r_squared > 0.9
    width = found.headline.each.high - found.headline.each.low
    assert width < (found.plain.each.high - found.plain.each.low) / 3


def test_the_effect_lies_in_the_interval(compared):
    found = judging.margin(compared()).headline.each
    assert found.low < 1 < found.high


def test_a_giant_basket_hardly_moves_the_figure(compared):
    usual, spoilt = (judging.margin(compared(whale=whale)) for whale in (0, 100_000))
    error = (usual.headline.each.high - usual.headline.each.low) / 4
    assert abs(spoilt.headline.each.value - usual.headline.each.value) < error
    assert abs(spoilt.plain.each.value - usual.plain.each.value) > 10 * error


def test_more_time_holds_values_less(compared):
    short, long = (judging.margin(compared(length=length)).clip_at for length in (QUARTER, 3 * QUARTER))
    assert long == pytest.approx(3 * short)


def test_a_few_days_are_held_no_more_than_a_quarter(compared):
    assert judging.margin(compared(length=dt.timedelta(days=2))).clip_at == judging.margin(compared()).clip_at


def test_expected_margin_is_told_by_itself(compared):
    found = judging.judged(compared(lifetime=lambda rng, arm: 50.0 + 5 * (arm == 0) + rng.normal(0, 1, N)))
    (lifetime,) = [each for each in found if each.metric == "lifetime"]
    assert lifetime.headline.each.value == pytest.approx(5, abs=0.2)


def test_margin_that_is_not_known_says_why():
    members = Members(np.arange(4), np.array([0, 0, 1, 1], np.int8), ARMS, np.zeros(4, np.int16), np.zeros(4))
    nothing = np.ones(4)
    found = judging.margin(Compared(members, {"spend": nothing}, {"spend": nothing}, QUARTER))
    assert found.headline.reason == judging.NO_MARGIN


def test_one_share_in_twenty_is_beside_the_truth(compared):
    """95 % intervals of 300 worlds; within 4 standard errors of 0.95."""
    found = [judging.margin(compared(seed=seed)).headline.each for seed in range(300)]
    held = np.mean([each.low < 1 < each.high for each in found])
    assert held == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 300))


def test_groups_that_were_unlike_before_the_draw_are_told_and_nothing_else(compared):
    """The second world is the control: there the best customers were kept out of the holdout."""
    alike, unlike = compared(), compared()
    unlike.before["margin"][unlike.members.arm == 0] += 2
    assert [check.state for check in judging.checks(alike, 0.2)] == ["fine", "fine"]
    assert [(check.name, check.state) for check in judging.checks(unlike, 0.2)] == [
        ("sample_ratio", "fine"),
        ("before_balance", "stop"),
    ]
