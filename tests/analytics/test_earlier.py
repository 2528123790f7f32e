import datetime as dt

import numpy as np
import pytest

from analytics import earlier
from analytics.measurement.lift import NotMeasured
from loyalty import aliases, identity
from tests import making

pytestmark = pytest.mark.django_db

WINDOW = earlier.Window(making.NOON, days=14)


def ids(*members):
    return np.array(sorted(member.pk for member in members))


def outcomes(metric, *members):
    values, before = earlier.outcomes(ids(*members), metric, WINDOW)
    return values.tolist(), before.tolist()


@pytest.fixture
def shopper():
    member = making.member()
    for days, net, margin in ((1, "10", "3"), (2, "20", "5"), (20, "7", "2")):
        making.purchase(member, at=making.NOON - days * making.DAY, net=net, margin=margin)
    return member


@pytest.mark.parametrize(
    ("metric", "lately", "before"), [("spend", 30, 7), ("margin", 8, 2), ("baskets", 2, 1), ("purchasers", 1, 1)]
)
def test_a_metric_is_told_of_the_window_and_of_the_time_before(shopper, metric, lately, before):
    assert outcomes(metric, shopper) == ([lately], [before])


def test_who_bought_nothing_counts_as_nothing(shopper):
    other = making.member()
    assert outcomes("spend", shopper, other) == ([30, 0], [7, 0])


def test_a_return_is_taken_off(shopper):
    making.purchase(shopper, at=making.NOON - making.DAY, net="-10", margin="-3", quantity=-1)
    assert outcomes("spend", shopper)[0] == [20]


@pytest.mark.parametrize(("ago", "counted"), [(0, 0), (70, 1), (71, 0)])
def test_the_time_before_ends_where_it_says(ago, counted):
    member, other = making.member(), making.member()
    making.purchase(other, at=making.NOON - making.DAY)
    making.purchase(member, at=making.NOON - ago * making.DAY)
    assert outcomes("baskets", member, other)[1] == [counted, 0]


def test_the_time_before_is_as_long_as_a_long_window():
    assert earlier.Window(making.NOON, days=90).since == making.NOON - dt.timedelta(days=180)


def test_what_a_merged_member_bought_counts_for_who_stands_for_it(shopper, otto):
    other = making.member()
    identity.merge(other, shopper, by=otto, at=making.NOON, why="same card")
    making.purchase(other, at=making.NOON - making.DAY, net="5")
    assert outcomes("spend", aliases.survivor_of(shopper))[0] == [35]


def test_margin_that_is_not_known_is_said(shopper):
    making.purchase(shopper, at=making.NOON - making.DAY, margin=None)
    found = earlier.outcomes(ids(shopper), "margin", WINDOW)
    assert found == NotMeasured("1 of their purchase lines have no margin: load them with it, or judge by spend.")


def test_members_who_bought_nothing_at_all_tell_nothing():
    assert isinstance(earlier.outcomes(ids(making.member()), "spend", WINDOW), NotMeasured)
