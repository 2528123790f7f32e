import datetime as dt

import pytest

from loyalty import aliases, identity, profiles
from loyalty.profiles import stages
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db

AS_OF = dt.date(2026, 3, 3)


@pytest.fixture
def went(settings, tmp_path):
    """The stages that a member went through until the newest profiles were built."""
    settings.DATA = tmp_path

    def went(member, as_of=AS_OF):
        snapshot = profiles.build(as_of, at=NOON)
        person = aliases.survivor_of(member)
        told = stages.of(person, sorted(aliases.everyone_of([member.pk])), snapshot)
        return [((as_of - each.day).days, each.stage) for each in told]

    return went


def bought(member, *ages, **facts):
    """Purchases so many days before the day of the profiles."""
    for age in ages:
        making.purchase(member, at=NOON + DAY - age * DAY, **facts)


def test_a_member_who_comes_back_after_long_was_lapsing_and_is_reactivated(went):
    member = making.member()
    bought(member, *range(300, 200, -10), 5)
    assert went(member) == [(299, "new"), (239, "established"), (181, "lapsing"), (4, "reactivated")]


def test_the_last_stage_is_the_one_in_the_profile(went):
    members = [making.member(joined_on=AS_OF - dt.timedelta(days=100)) for _ in range(4)]
    for member, ages in zip(members, ([90], [90, 80, 70, 60, 50, 40, 2], [3], [95, 94, 20]), strict=True):
        bought(member, *ages)
    for member in members:
        age, stage = went(member)[-1]
        known = profiles.opened(profiles.Snapshot.objects.latest_ready(), on=AS_OF)
        row = known.row(known.position(member.pk))
        assert (row["lifecycle"], row["stage_days"]) == (stage, age)


def test_a_basket_that_was_given_back_is_no_shopping_day(went):
    member = making.member()
    bought(member, 9)
    bought(member, 200, basket_ref="b", net="10")
    bought(member, 200, basket_ref="b", net="-10")
    assert went(member) == [(8, "new")]


def test_what_every_reference_of_a_person_bought_counts(went):
    member, other = making.member(), making.member()
    bought(member, 5)
    bought(other, 100, 90)
    identity.merge(member, other, by=None, at=NOON, why="test")
    assert went(member)[0] == (99, "new")
    assert went(other) == went(member)


def test_no_stage_begins_after_purchases_fell_silent(went):
    """The profiles call it unknown from then on; the purchase of somebody else is the control."""
    member = making.member()
    bought(member, *range(100, 50, -10))
    assert went(member) == [(99, "new")]
    bought(making.member(), 1)
    assert went(member) == [(99, "new"), (39, "established"), (31, "lapsing")]


def test_nobody_bought_anything_and_still_the_page_has_an_answer(went):
    assert went(making.member(joined_on=AS_OF - dt.timedelta(days=7))) == [(7, "never bought")]
    assert went(making.member()) == []
