import pytest

from analytics import telling
from analytics.body import Estimate
from tests import making
from tests.analytics import bodies

OPEN = {"as_of": making.NOON + making.DAY}


def test_while_outcomes_count_the_interval_that_allows_looking_is_in_force():
    body = bodies.body(**OPEN)
    assert telling.in_force(body, bodies.judged()) == Estimate(0.21, 0.03, 0.39, 0.02)


def test_on_the_planned_day_the_narrower_one_is():
    """The control of the test above."""
    assert telling.in_force(bodies.body(), bodies.judged()).low == pytest.approx(0.09)


def test_in_total_it_is_times_the_members_of_the_arm():
    total = telling.in_total(bodies.body(), bodies.judged())
    assert (total.low, total.value, total.high) == pytest.approx((810, 1890, 2970))


def test_of_several_arms_no_margin_is_the_margin():
    arms = (bodies.judged(arm="A"), bodies.judged(arm="B"))
    assert telling.margin(bodies.body(judged=arms)) is None
