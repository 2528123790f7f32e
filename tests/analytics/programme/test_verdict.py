import datetime as dt
from dataclasses import replace

import pytest

from analytics.body import Arm, Cost, Effect, Estimate
from analytics.models import ProgrammeCost
from analytics.programme import verdict
from analytics.programme.quarter import Quarter
from tests.analytics import bodies

APRIL, MAY, JUNE = (dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (4, 5, 6))


def quarter(low, value, high, **facts):
    total = Estimate(value, low, high)
    margin = bodies.judged(arm="everybody_else", versus="universal", headline=Effect(total, None, total))
    defaults = {
        "quarter": APRIL.date(),
        "currency": "EUR",
        "began": APRIL,
        "since": APRIL,
        "until": JUNE,
        "closes": JUNE,
        "as_of": JUNE,
        "checks": (bodies.SIZES,),
        "arms": (),
        "so_far": margin,
        "costs": (Cost("Messages", 100.0),),
    }
    return Quarter(**{**defaults, **facts})


def cost(month, amount):
    return ProgrammeCost(month=month, amount=amount, label="Licence")


@pytest.mark.parametrize(
    ("ends", "word"),
    [
        ((200, 500, 800), "pays"),
        ((-50, 50, 90), "does_not_pay"),
        ((-800, -500, -200), "does_not_pay"),
        ((50, 500, 900), "not_yet_known"),
    ],
)
def test_what_is_left_after_costs_decides(ends, word):
    assert verdict.paying(quarter(*ends), []).verdict.word == word


def test_costs_that_were_entered_are_taken_off(db):
    found = verdict.paying(quarter(200, 500, 800), [cost(MAY.date(), 150)])
    assert (found.net.value, found.cost) == (250, 250)


@pytest.mark.parametrize(("month", "counted"), [(dt.date(2026, 3, 1), 0), (dt.date(2026, 5, 1), 310)])
def test_a_month_counts_by_its_days_in_the_time_told(month, counted):
    found = verdict.paying(quarter(200, 500, 800), [cost(month, 310)])
    assert found.costs[-1].amount == counted


def test_half_a_month_counts_half():
    half = quarter(200, 500, 800, until=dt.datetime(2026, 4, 16, tzinfo=dt.UTC))
    assert verdict.paying(half, [cost(APRIL.date(), 300)]).costs[-1].amount == pytest.approx(150)


def test_a_check_that_says_stop_leaves_no_number():
    stopped = replace(quarter(200, 500, 800), checks=(bodies.BROKEN,))
    found = verdict.paying(stopped, [])
    assert (found.verdict.word, found.gross, found.net, found.costs) == ("not_yet_known", None, None, ())
    assert bodies.BROKEN.sentence in found.verdict.sentence


def test_a_margin_that_could_not_be_measured_says_why():
    unknown = bodies.judged(headline=Effect(reason="Load margins."))
    assert "Load margins." in verdict.paying(quarter(0, 0, 0, so_far=unknown), []).verdict.sentence


ARMS = (Arm("everybody_else", 9_500, 0.95, None, {}), Arm("universal", 500, 0.05, None, {}))


def test_how_much_longer_it_takes_to_know_is_told():
    """A range twice as wide as it may be takes four times as long: three times the 61 days again."""
    needed = verdict.paying(quarter(-300, 500, 1100, arms=ARMS), []).verdict.needed
    assert needed.times == pytest.approx((700 / 400) ** 2)
    assert needed.days == 126
    assert needed.held_out == 0.05
    assert needed.larger_holdout > 0.05


def test_next_to_nothing_is_not_waited_for():
    assert verdict.paying(quarter(-900, 100, 1100, arms=ARMS), []).verdict.needed is None


def test_it_is_known_whether_costs_were_entered():
    assert verdict.paying(quarter(200, 500, 800), []).is_before_costs
    assert not verdict.paying(quarter(200, 500, 800), [cost(MAY.date(), 150)]).is_before_costs
