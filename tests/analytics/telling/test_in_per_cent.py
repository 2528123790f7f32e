from dataclasses import replace

from analytics import telling
from analytics.body import Estimate
from tests.analytics import bodies

SURE = bodies.effect(0.48, half=0.42, mean=1.9)
TOO_WIDE = Estimate(0.25, -0.006, 0.507)


def told(**facts):
    return telling.in_per_cent(bodies.judged(headline=replace(SURE, **facts)))


def test_the_range_that_agrees_with_the_change_is_told():
    share = Estimate(0.25, 0.03, 0.56)
    assert told(relative=TOO_WIDE, per_cent=share) == share


def test_of_older_reports_a_range_that_says_otherwise_is_not_told():
    assert told(relative=TOO_WIDE) is None


def test_of_older_reports_a_range_that_agrees_is():
    """The control of the test above."""
    assert told() == SURE.relative


def test_without_any_it_cannot_be_told():
    assert told(relative=None) is None
