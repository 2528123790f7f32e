"""What campaigns that are too small to tell say together."""

import pytest

from analytics.presenting.together import together
from tests import making
from tests.analytics import bodies


def of(value: float, half: float = 0.3, **facts):
    return bodies.body(judged=(bodies.judged(headline=bodies.effect(value, half=half)),), **facts)


def test_four_that_cannot_tell_can_tell_together():
    found = together([of(0.2), of(0.25), of(0.22), of(0.21)])
    assert found.campaigns == 4
    assert found.each.value == pytest.approx(0.22)
    assert found.each.high - found.each.value == pytest.approx(0.15)
    assert not found.differ


def test_the_surer_one_counts_more():
    assert together([of(0.0, half=0.1), of(1.0, half=10)]).each.value == pytest.approx(0, abs=0.01)


def test_campaigns_that_contradict_one_another_are_said_to_differ():
    assert together([of(-1.0, half=0.1), of(1.0, half=0.1)]).differ


@pytest.mark.parametrize(
    "left_out",
    [of(9, causal=False), of(9, as_of=bodies.CLOSED - making.DAY), bodies.hidden()],
    ids=["not drawn at random", "still open", "hidden"],
)
def test_what_may_not_be_told_alone_is_not_in_it(left_out):
    assert together([of(0.2), of(0.2), left_out]).campaigns == 2
    assert together([of(0.2), left_out]) is None
