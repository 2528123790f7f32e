import pytest
from django.db import connection

from analytics.programme import people
from analytics.programme.people import EVERYBODY_ELSE
from campaigns.models.decision import UNIVERSAL
from loyalty import identity
from loyalty.models import Member
from tests import making
from tests.analytics.programme.conftest import WASHED_OUT

pytestmark = pytest.mark.django_db


def test_the_database_says_the_same_of_everybody(draw, shop):
    """The trigger that refuses messages asks this function."""
    shop()
    found = people.people(draw, since=WASHED_OUT)
    run = making.run(making.campaign(), draw=draw)
    with connection.cursor() as cursor:
        count = len(found.ids)
        asked = [found.ids.tolist(), [run.pk] * count, [making.NOON] * count]
        cursor.execute("SELECT universal_holdout(%s::bigint[], %s::bigint[], %s::timestamptz[])", asked)
        refused = {member for (member,) in cursor.fetchall()}
    assert set(found.ids[found.within(UNIVERSAL)].tolist()) == refused


def test_both_groups_together_are_everybody(draw, shop):
    shop()
    found = people.people(draw, since=WASHED_OUT)
    assert found.count(EVERYBODY_ELSE) + found.count(UNIVERSAL) == Member.objects.count()


def test_who_joined_after_the_beginning_is_in_neither(draw):
    making.member(joined_on=WASHED_OUT.date() - making.DAY)
    making.member(joined_on=WASHED_OUT.date())
    assert len(people.people(draw, since=WASHED_OUT)) == 1


def test_a_merged_member_counts_once(draw, otto):
    keep, other = making.member(), making.member()
    identity.merge(keep, other, by=otto, at=making.NOON, why="same card")
    assert people.people(draw, since=WASHED_OUT).ids.tolist() == [keep.pk]
