import datetime as dt
from itertools import pairwise

import pytest

from analytics.gathering import purchases
from analytics.gathering.members import members
from campaigns import responses
from loyalty.models import Member
from tests import making
from tests.analytics.conftest import decide

pytestmark = pytest.mark.django_db

SINCE, UNTIL = making.NOON, making.NOON + 3 * making.DAY


@pytest.fixture
def decided(run):
    decide(run, [10, 20, 0], held_out=False)
    for number, decision in enumerate(run.decisions.order_by("member_id")):
        making.purchase(decision.member, at=making.NOON + number * making.DAY, net="7", margin="2")
    return members(run)


def first(decided):
    return Member.objects.get(pk=decided.ids[0])


def test_days_are_the_retailers_and_end_with_the_window():
    found = list(purchases.days(SINCE, UNTIL))
    assert [day.day for day, _, _ in found] == [2, 3, 4, 5]
    assert (found[0][1], found[-1][2]) == (SINCE, UNTIL)
    assert all(ends == begins for (_, _, ends), (_, begins, _) in pairwise(found))


def test_a_window_that_has_not_begun_has_no_days():
    assert list(purchases.days(SINCE, SINCE)) == []


def test_days_add_up_to_the_window_by_the_one_definition_of_an_outcome(decided):
    whole = responses.totals(decided.ids, since=SINCE, until=UNTIL)
    total = purchases.nothing(decided)
    for _, begins, ends in purchases.days(SINCE, UNTIL):
        total = total + purchases.between(decided, begins, ends)
    assert total.spend.tolist() == whole.spend.tolist() == [17, 27, 7]
    assert total.margin.tolist() == whole.margin.tolist()
    assert total.baskets.tolist() == whole.baskets.tolist()


def test_a_line_without_margin_is_counted_as_one(decided):
    making.purchase(first(decided), at=SINCE, margin=None)
    found = purchases.between(decided, SINCE, UNTIL)
    assert (found.without_margin, found.lines) == (1, 6)


def test_returned_items_are_taken_off(decided):
    making.purchase(first(decided), at=SINCE + dt.timedelta(hours=1), quantity=-1, net="-5")
    assert purchases.between(decided, SINCE, UNTIL).items.tolist() == [1, 2, 1]
