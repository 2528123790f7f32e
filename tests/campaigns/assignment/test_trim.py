from dataclasses import replace

import numpy as np

from campaigns.assignment.given import given, leading, places
from campaigns.assignment.limits import Limits
from campaigns.assignment.trim import trimmed
from tests.campaigns.assignment.worlds import rows_of

NONE = Limits.none(2)
LOSSES = np.array([4.0, 1.0, 3.0, 2.0])


def _trimmed(offer: list[int], limits: Limits, channel: list[list[int]] | None = None) -> list[int]:
    """What four members who have one of two offers each keep; the second loses least, then the fourth."""
    rows = rows_of(np.ones((4, 2)), channel=channel)
    has = given(np.array(offer)[:, None], rows)
    return places(trimmed(has, LOSSES[has.members], limits), 4, 1)[:, 0].tolist()


def test_the_least_worth_goes_first_under_a_count():
    assert _trimmed([0, 0, 0, 1], replace(NONE, count=np.array([2.0, np.inf]))) == [0, -1, 0, 1]


def test_the_least_worth_goes_first_under_a_budget():
    assert _trimmed([0, 0, 0, 1], replace(NONE, money=np.array([2.5, np.inf]))) == [0, -1, 0, 1]


def test_the_least_worth_of_all_goes_first_under_a_limit_on_contacts():
    assert _trimmed([0, 1, 0, 1], replace(NONE, contacts=2.0)) == [0, -1, 0, -1]


def test_the_least_worth_of_all_goes_first_under_a_total():
    assert _trimmed([0, 1, 0, 1], replace(NONE, total=3.0)) == [0, -1, 0, 1]


def test_the_least_worth_of_a_channel_goes_first_under_its_capacity():
    limits = replace(Limits.none(2, channels=2), capacity=np.array([1.0, np.inf]))
    assert _trimmed([0, 1, 0, 1], limits, channel=[[1, 1], [1, 1], [0, 0], [0, 0]]) == [0, 1, 0, -1]


def test_what_makes_up_a_minimum_volume_goes_last():
    assert _trimmed([0, 1, 0, 1], replace(NONE, contacts=2.0, least=np.array([0.0, 2.0]))) == [-1, 1, -1, 1]


def test_nobody_loses_anything_where_no_limit_is_reached():
    assert _trimmed([0, -1, 0, 1], NONE) == [0, -1, 0, 1]


def test_as_many_lead_as_fit_exactly():
    assert leading(np.array([1.0, 2.0, 3.0]), np.inf, 3.0) == 2
    assert leading(np.array([1.0, 2.0, 3.0]), 1.0, 6.0) == 1
    assert leading(np.array([]), np.inf, 0.0) == 0
