"""What members told us as it stands in the record, beside profiles that know nothing of it."""

import datetime as dt

import numpy as np
import pytest

from loyalty import identity, stated
from loyalty.models import Member
from loyalty.profiling.table import Profiles
from loyalty.stated import told
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db


def avoiding(*members: Member, at: dt.datetime | None = None) -> set[int]:
    """Who of these avoids anything."""
    ids = np.array(sorted(member.pk for member in members))
    found = told.beside(Profiles(NOON.date(), ids, {}, {}, {}), at=at)
    return set(ids[found.column("avoids") > 0].tolist())


def tell(member: Member, *values: str, at: dt.datetime = NOON) -> None:
    stated.tell(member, "diet", values, source="test", at=at)


@pytest.fixture(params=[0, 5_000], ids=["read for all", "read for each"])
def however_many(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(told, "ASKED_EACH", request.param)


@pytest.mark.usefixtures("however_many")
def test_who_told_us_is_known_and_nobody_else() -> None:
    one, other = making.member(), making.member()
    tell(one, "pork")
    assert avoiding(one, other) == {one.pk}


@pytest.mark.usefixtures("however_many")
def test_what_was_taken_back_does_not_hold_and_held_before() -> None:
    member = making.member()
    tell(member, "pork")
    tell(member, at=NOON + DAY)
    assert avoiding(member) == set()
    assert avoiding(member, at=NOON + DAY / 2) == {member.pk}
    assert avoiding(member, at=NOON - DAY) == set()


@pytest.mark.usefixtures("however_many")
def test_of_those_who_are_one_person_what_one_told_holds_for_who_stands_for_them(otto) -> None:
    kept, other = making.member(), making.member()
    tell(other, "pork")
    merge = identity.merge(kept, other, by=otto, at=NOON, why="test")
    assert avoiding(kept) == {kept.pk}
    identity.unmerge(merge, by=otto, at=NOON, why="test")
    assert avoiding(kept, other) == {other.pk}


@pytest.mark.usefixtures("however_many")
def test_however_many_told_us_however_much_it_takes_as_many_questions(django_assert_max_num_queries) -> None:
    making.product(category="Tea")
    members = [making.member() for _ in range(3)]
    for member in members:
        tell(member, "pork", "nuts")
        stated.tell(member, "interest", ["Tea"], source="test", at=NOON)
    ids = np.array(sorted(member.pk for member in members))
    with django_assert_max_num_queries(3):
        found = told.of(ids)
    assert {key: who.tolist() for key, who in found.by.items()} == {
        key: ids.tolist() for key in (("diet", "pork"), ("diet", "nuts"), ("interest", "Tea"))
    }


def test_before_anybody_told_us_anything_nothing_is_known() -> None:
    assert told.of(np.array([making.member().pk])).by == {}
