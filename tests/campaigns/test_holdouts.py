"""The programme's holdouts: drawn once a year, never changed, and the same for the database as for the code."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from campaigns import holdouts, tasks
from campaigns.assignment import holdout
from campaigns.assignment.holdout import Arm
from campaigns.models import Draw
from config.schedule import SCHEDULE
from loyalty import identity
from loyalty.models import Member
from loyalty.refusal import Refused
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
MEMBERS = 20_000
CALLS_PLANNED_ANEW = 5  # of a function by PostgreSQL, before it keeps a plan for any members
YEAR = dt.timedelta(days=365)


def test_no_holdouts_hold_before_any_were_drawn():
    assert holdouts.current(TODAY) is None


def test_holdouts_hold_for_a_year_and_not_on_the_day_they_end():
    drawn = making.draw(begins=TODAY)
    days = [TODAY - DAY, TODAY, drawn.ends - DAY, drawn.ends]
    assert [holdouts.current(day) for day in days] == [None, drawn, drawn, None]
    assert drawn.ends == TODAY.replace(year=TODAY.year + 1)


def test_of_a_leap_day_the_year_ends_on_the_first_of_march():
    assert making.draw(begins=dt.date(2028, 2, 29)).ends == dt.date(2029, 3, 1)


def test_each_group_is_drawn_by_a_salt_of_its_own():
    drawn = making.draw()
    assert len({drawn.universal_salt, drawn.generic_salt, ""}) == 3


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"begins": TODAY - 3 * DAY}, "begin today or later"),
        ({"ends": TODAY - 2 * DAY}, "give a later day"),
        ({"universal_share": Decimal("0.51")}, "universal holdout is 51%"),
        ({"generic_share": Decimal("-0.1")}, "give 50 % at the most"),
    ],
)
def test_what_cannot_hold_is_refused_in_a_sentence(facts, sentence):
    with pytest.raises(Refused, match=sentence):
        making.draw(**facts)
    assert not Draw.objects.exists()


def test_no_other_holdouts_are_drawn_while_some_hold():
    drawn = making.draw()
    with pytest.raises(Refused, match="begin when they end"):
        making.draw(begins=drawn.ends - DAY)
    assert making.draw(begins=drawn.ends).begins == drawn.ends


def test_the_database_lets_no_two_overlap():
    drawn = making.draw()
    drawn.pk, drawn.begins = None, drawn.begins + DAY
    with pytest.raises(IntegrityError, match="one_draw_holds_at_a_time"), transaction.atomic():
        drawn.save(force_insert=True)


@pytest.mark.parametrize("statement", ["UPDATE campaigns_draw SET ends = ends + 1", "DELETE FROM campaigns_draw"])
def test_a_draw_is_never_changed(statement):
    making.draw()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# -- every year anew ---------------------------------------------------------------------------------------------------


def test_the_next_are_drawn_ahead_by_new_salts_and_with_the_same_shares():
    last = making.draw(universal_share=Decimal("0.03"))
    found = holdouts.redraw(at=NOON + YEAR - 10 * DAY)
    assert found
    assert (found.begins, found.universal_share, found.generic_share) == (last.ends, Decimal("0.03"), Decimal("0.05"))
    assert {found.universal_salt, found.generic_salt}.isdisjoint({last.universal_salt, last.generic_salt})


def test_the_clock_draws_the_next_every_night_that_it_is_time(settings, monkeypatch):
    making.draw()
    monkeypatch.setattr("loyalty.clock.now", lambda: NOON + YEAR - 10 * DAY)
    (task,) = (entry["task"] for name, entry in SCHEDULE.items() if name == "draw the next holdouts")
    assert task == tasks.redraw_holdouts.name
    tasks.redraw_holdouts()
    assert Draw.objects.count() == 2


def test_nothing_is_drawn_while_the_present_ones_hold_for_long():
    making.draw()
    assert holdouts.redraw(at=NOON) is None


def test_the_next_are_drawn_once_however_often_it_is_asked():
    making.draw()
    for _ in range(3):
        holdouts.redraw(at=NOON + YEAR - 10 * DAY)
    assert Draw.objects.count() == 2


def test_holdouts_that_ended_long_ago_begin_again_today():
    making.draw()
    found = holdouts.redraw(at=NOON + 2 * YEAR)
    assert found
    assert found.begins == TODAY + 2 * YEAR


def test_a_programme_that_never_drew_any_gets_none():
    assert holdouts.redraw(at=NOON) is None


# -- the database and the code -----------------------------------------------------------------------------------------


@pytest.fixture
def members():
    made = Member.objects.bulk_create(Member(ref=f"M-{number:06} é") for number in range(MEMBERS))
    return {member.ref: member.pk for member in made}


@pytest.mark.parametrize("share", ["0", "0.0001", "0.05", "0.5"])
def test_the_database_holds_out_whom_the_code_holds_out(members, share):
    drawn = making.draw(universal_share=Decimal(share))
    campaign = making.campaign()
    run = making.run(campaign, draw=drawn)
    codes = holdout.layers(list(members), holdouts.layers(campaign, drawn))
    expected = {pk for pk, code in zip(members.values(), codes.tolist(), strict=True) if code == Arm.UNIVERSAL}
    assert holdouts.universal(list(members.values()), run=run, at=NOON) == expected
    assert len(expected) == pytest.approx(MEMBERS * float(share), abs=5 * (MEMBERS * float(share)) ** 0.5 + 1)


def test_a_run_from_before_is_asked_by_the_holdouts_that_hold_at_the_moment(members):
    making.draw(begins=TODAY + DAY, universal_share=Decimal("0.5"))
    run, everyone = making.run(making.campaign()), list(members.values())
    assert not holdouts.universal(everyone, run=run, at=NOON)
    assert holdouts.universal(everyone, run=run, at=NOON + DAY)


@pytest.mark.parametrize(("zone", "holds"), [("UTC", False), ("Asia/Tokyo", True)])
def test_a_day_begins_when_it_begins_at_the_retailers(members, settings, zone, holds):
    settings.TIME_ZONE = zone
    making.draw(begins=TODAY + DAY, universal_share=Decimal("0.5"), at=NOON - DAY)
    evening = NOON + dt.timedelta(hours=6)
    assert bool(holdouts.universal(list(members.values()), run=making.run(making.campaign()), at=evening)) is holds


def test_each_member_is_read_once_though_the_planner_takes_all_for_one():
    run = making.run(making.campaign(), draw=making.draw(universal_share=Decimal("0.5")))
    made = Member.objects.bulk_create(Member(ref=f"L-{number:06}") for number in range(1000))
    with connection.cursor() as cursor:  # as where there were others, who were deleted
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 500 WHERE relname = ANY(%s)",
            [["campaigns_draw", "campaigns_run", "loyalty_alias", "loyalty_member"]],
        )
    before = _members_read()
    for _ in range(CALLS_PLANNED_ANEW + 1):
        assert holdouts.universal([each.pk for each in made], run=run, at=NOON)
    assert _members_read() - before == len(made) * (CALLS_PLANNED_ANEW + 1)


def _members_read():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'loyalty_member'"
        )
        return cursor.fetchone()[0]


def test_of_a_merged_person_the_reference_counts_that_plans_hash():
    drawn, members = making.draw(universal_share=Decimal("0.5")), [making.member() for _ in range(40)]
    run = making.run(making.campaign(), draw=drawn)
    inside = holdouts.universal([each.pk for each in members], run=run, at=NOON)
    one, other = (next(each for each in members if (each.pk in inside) is holds) for holds in (True, False))
    identity.merge(one, other, by=None, at=NOON, why="test")
    assert holdouts.universal([other.pk], run=run, at=NOON) == {other.pk}
