import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.models import Decision
from loyalty import aliases, consent, identity
from loyalty.models import Alias, Consent, Member, Merge, Pair, Unmerge
from loyalty.models.consent import Channel, Purpose
from loyalty.refusal import Refused
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db

LATER, LAST = NOON + DAY, NOON + 2 * DAY
MARKETING = (Purpose.MARKETING, Channel.EMAIL)


@pytest.fixture
def members() -> list[Member]:
    return [making.member(ref=f"m-{each}") for each in "abcd"]


def merge(keep: Member, other: Member, *, at: dt.datetime = NOON) -> Merge:
    return identity.merge(keep, other, by=None, at=at, why="test")


def undo(made: Merge, *, at: dt.datetime = LAST) -> Unmerge:
    return identity.unmerge(made, by=None, at=at, why="test")


def say(member: Member, at: dt.datetime, *, granted: bool, purpose: Purpose = Purpose.MARKETING) -> Consent:
    channel = Channel.EMAIL if purpose == Purpose.MARKETING else ""
    return consent.record(member, purpose=purpose, channel=channel, granted=granted, at=at, source="test")


def survivors() -> dict[str, str]:
    return dict(Alias.objects.values_list("member__ref", "survivor__ref"))


# -- who is one person -------------------------------------------------------------------------------------------------


def test_merged_member_counts_under_the_one_who_was_kept(members):
    a, b, *_ = members
    merge(a, b)
    b.refresh_from_db()
    assert aliases.survivor_of(b) == aliases.survivor_of(a) == a
    assert aliases.everyone_of([b.pk]) == aliases.everyone_of([a.pk]) == {a.pk: a.pk, b.pk: a.pk}


def test_chains_are_flattened(members):
    a, b, c, d = members
    merge(a, b)
    merge(b, c)
    merge(d, a)
    assert survivors() == dict.fromkeys(["m-a", "m-b", "m-c"], "m-d")


def test_undoing_takes_along_who_was_merged_into_the_one_who_leaves(members):
    a, b, c, _ = members
    first = merge(a, b)
    merge(b, c)
    undo(first)
    assert survivors() == {"m-c": "m-b"}


def test_whoever_is_one_person_already_is_not_merged_again(members):
    a, b, c, _ = members
    merge(a, b)
    merge(a, c)
    with pytest.raises(Refused, match="one person already"):
        merge(b, c)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_merges_of_a_person_are_asked_for_once_by_any_of_its_references(members, number, django_assert_num_queries):
    made = [merge(members[0], members[1]), merge(members[0], members[2])]
    read = Member.objects.select_related("alias__survivor").get(pk=members[number].pk)
    with django_assert_num_queries(1):
        found = set(identity.merges_of(read))
    assert found == set(made)


def test_merge_is_undone_once(members):
    made = merge(*members[:2])
    undo(made)
    with pytest.raises(Refused, match="already"):
        undo(made)
    assert Unmerge.objects.count() == 1


def test_people_who_were_told_apart_are_not_merged_by_way_of_a_third(members):
    a, b, c, _ = members
    identity.tell_apart(a, c, by=None, at=NOON)
    merge(a, b)
    with pytest.raises(Refused, match="m-a and m-c are not the same person"):
        merge(b, c)
    assert survivors() == {"m-b": "m-a"}


def test_whoever_said_so_may_think_better_of_it(members):
    a, b, *_ = members
    identity.tell_apart(a, b, by=None, at=NOON)
    merge(a, b)
    assert Pair.objects.get().answer == Pair.Answer.SAME


def test_who_is_one_person_is_not_told_apart_but_taken_apart(members):
    a, b, *_ = members
    merge(a, b)
    with pytest.raises(Refused, match="undo the merge"):
        identity.tell_apart(a, b, by=None, at=NOON)


def test_undoing_is_remembered_of_everyone_across(members):
    a, b, c, _ = members
    merge(a, b)
    made = merge(c, b)  # of the two, it is `a` that is merged into `c`
    undo(made)
    assert set(Pair.objects.filter(answer=Pair.Answer.DIFFERENT).values_list("first__ref", "second__ref")) == {
        ("m-a", "m-c"),
        ("m-b", "m-c"),
    }


# -- consent -----------------------------------------------------------------------------------------------------------


def contactable() -> set[int]:
    return consent.contactable(Channel.EMAIL)


def test_merged_member_is_never_contactable(members):
    a, b, *_ = members
    for each in (a, b):
        say(each, NOON - DAY, granted=True)
    merge(a, b)
    assert contactable() == {a.pk}
    assert consent.contactable(Channel.EMAIL, members=[b.pk]) == set()


@pytest.mark.parametrize("whose", [0, 1])
def test_withdrawal_by_either_is_the_persons(members, whose):
    for each, granted in enumerate([True, True]):
        say(members[each], NOON - DAY, granted=granted)
    say(members[whose], NOON - DAY / 2, granted=False)
    merge(*members[:2])
    assert contactable() == set()


def test_grant_of_either_is_the_persons_when_the_other_was_never_asked(members):
    a, b, *_ = members
    say(b, NOON - DAY, granted=True)
    merge(a, b)
    assert contactable() == {a.pk}


def test_person_who_grants_after_the_merge_is_heard(members):
    a, b, *_ = members
    say(b, NOON - DAY, granted=False)
    merge(a, b)
    say(a, LATER, granted=True)
    assert contactable() == {a.pk}
    assert consent.of(b)[MARKETING].granted


def test_withdrawn_personal_choice_of_either_is_the_persons(members):
    a, b, *_ = members
    say(a, NOON - DAY, granted=True)
    say(b, NOON - DAY, granted=False, purpose=Purpose.PERSONALISATION)
    merge(a, b)
    assert contactable() == set()


def test_undoing_gives_each_back_what_they_allowed(members):
    a, b, *_ = members
    say(a, NOON - DAY, granted=True)
    say(b, NOON - DAY, granted=False)
    made = merge(a, b)
    assert contactable() == set()
    undo(made)
    assert contactable() == {a.pk}


@pytest.mark.parametrize("whose", [0, 1])
def test_withdrawal_after_the_merge_outlasts_its_undoing_for_both(members, whose):
    for each in members[:2]:
        say(each, NOON - DAY, granted=True)
    made = merge(*members[:2])
    say(members[whose], LATER, granted=False)
    undo(made)
    assert contactable() == set()


def test_change_holds_at_once_even_on_a_clock_behind_the_merge(members):
    a, b, *_ = members
    say(b, NOON - DAY, granted=False)
    merge(a, b)
    consent.change(a, purpose=Purpose.MARKETING, channel=Channel.EMAIL, granted=True, at=NOON - DAY, source="test")
    assert contactable() == {a.pk}


@pytest.mark.django_db(transaction=True)
def test_withdrawal_by_the_other_reference_waits_for_the_message_under_way(members):
    """The sender of the survivor's message holds the row that a withdrawal by the merged reference has to lock."""
    a, b, *_ = members
    merge(a, b)
    beside = connection.copy()
    try:
        with transaction.atomic():
            consent.held_for_sending(Channel.EMAIL, [a.pk])
            with beside.cursor() as cursor:
                cursor.execute("SET lock_timeout = '50ms'")
                with pytest.raises(DatabaseError, match="lock timeout"):
                    cursor.execute("SELECT FROM loyalty_member WHERE id = %s FOR NO KEY UPDATE", [b.pk])
    finally:
        beside.close()


# -- what never moves --------------------------------------------------------------------------------------------------


def test_decisions_stay_as_they_were(members, mara, abel):
    a, b, *_ = members
    run = making.run(making.campaign(), making.approved_terms(author=mara, approver=abel))
    making.decision(run, a, offer=run.offers.get())
    making.decision(run, b, held_out=True)
    before = list(Decision.objects.order_by("pk").values())
    undo(merge(a, b))
    merge(b, making.member())
    assert list(Decision.objects.order_by("pk").values()) == before


# -- what the database refuses -----------------------------------------------------------------------------------------


@pytest.fixture
def broken(members) -> Callable[[str], None]:
    """Says to the database that members are merged in a way that no code here would."""
    a, b, c, _ = members
    made = merge(a, b)

    def say_so(statement: str) -> None:
        ids = {"a": a.pk, "b": b.pk, "c": c.pk, "merge": made.pk}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, ids)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return say_so


MERGED = "INSERT INTO loyalty_merge (kept_id, other_id, at, why, evidence) VALUES (%({})s, %({})s, now(), '', '{{}}')"
ALIAS = """
    WITH made AS ({} RETURNING id) INSERT INTO loyalty_alias (member_id, survivor_id, merge_id) SELECT {}, id FROM made
"""


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (MERGED.format("c", "c"), "no_member_is_merged_into_itself"),
        (ALIAS.format(MERGED.format("a", "c"), "%(c)s, %(c)s"), "own_alias"),
        (ALIAS.format(MERGED.format("b", "c"), "%(c)s, %(b)s"), "stands for nobody"),
        (ALIAS.format(MERGED.format("c", "a"), "%(a)s, %(c)s"), "stands for nobody"),
        (ALIAS.format(MERGED.format("a", "b"), "%(b)s, %(a)s"), "loyalty_alias_pkey"),
        (ALIAS.format(MERGED.format("a", "c"), "%(b)s, %(a)s"), "loyalty_alias_pkey"),
        (MERGED.format("a", "c"), "exactly as long"),
        ("DELETE FROM loyalty_alias", "exactly as long"),
        ("INSERT INTO loyalty_unmerge (merge_id, at, why) VALUES (%(merge)s, now(), '')", "exactly as long"),
        ("UPDATE loyalty_merge SET why = 'other'", "append-only"),
        ("UPDATE loyalty_alias SET member_id = %(c)s", "alias_is_of_whom"),
    ],
    ids=str,
)
def test_database_refuses(broken, statement, told):
    with pytest.raises(DatabaseError, match=told):
        broken(statement)


def test_database_takes_what_is_right(broken):
    """The control: the same words about a merge that makes sense."""
    broken(ALIAS.format(MERGED.format("a", "c"), "%(c)s, %(a)s"))
    assert survivors() == {"m-b": "m-a", "m-c": "m-a"}


@pytest.mark.parametrize("why", ["", "  "])
def test_a_merge_is_not_undone_without_a_reason(why):
    one, two = making.member(), making.member()
    made = identity.merge(one, two, by=None, at=NOON, why="test")
    with pytest.raises(Refused, match="Say why"):
        identity.unmerge(made, by=None, at=NOON, why=why)
    assert Alias.objects.filter(merge=made).exists()
