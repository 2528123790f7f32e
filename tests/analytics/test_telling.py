from dataclasses import replace

import pytest

from analytics import telling
from analytics.body import Estimate
from tests import making
from tests.analytics import bodies

OPEN = {"as_of": making.NOON + making.DAY}


def word(of, **changes):
    return bodies.body(verdict=replace(bodies.UNKNOWN, word=of, settles=()), **changes)


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (word("pays"), telling.AGAIN),
        (word("pays", **OPEN), telling.GO_ON.format(closes=bodies.CLOSED)),
        (word("does_not_pay"), telling.STOP),
        (word("not_causal"), telling.AT_RANDOM),
        (word("not_yet_known"), telling.LARGER),
        (word("not_yet_known", **OPEN), telling.WAIT.format(closes=bodies.CLOSED)),
        (bodies.hidden(), bodies.BROKEN.sentence),
    ],
)
def test_what_to_do_next_follows_from_the_verdict(body, first):
    assert telling.next_steps(body)[0] == first


def test_what_would_settle_it_comes_after_waiting():
    waiting, settling = telling.next_steps(bodies.body(verdict=bodies.UNKNOWN, **OPEN))
    assert waiting.startswith("Wait until")
    assert settling == "To know, it takes 9 more days or a holdout of 20 %."


def test_while_outcomes_count_the_interval_that_allows_looking_is_in_force():
    body = bodies.body(**OPEN)
    assert telling.in_force(body, bodies.judged()) == Estimate(0.21, 0.03, 0.39, 0.02)


def test_on_the_planned_day_the_narrower_one_is():
    """The control of the test above."""
    assert telling.in_force(bodies.body(), bodies.judged()).low == pytest.approx(0.09)


def test_of_several_arms_no_margin_is_the_margin():
    arms = (bodies.judged(arm="A"), bodies.judged(arm="B"))
    assert telling.margin(bodies.body(judged=arms)) is None
