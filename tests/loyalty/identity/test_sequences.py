"""Whatever is merged and taken apart, in whatever order, nothing is lost: random histories of small worlds.

A world is four members who buy, do, allow, are merged and taken apart. What must hold is worked out beside the product,
from the history alone, by replaying it moment by moment. `LIFTWELL_HISTORIES=1000` asks for more of them.
"""

import datetime as dt
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pytest
from django.db import connection
from django.db.models import Sum

from campaigns import timeline
from loyalty import aliases, consent, identity, profiles
from loyalty.models import Alias, Consent, Event, Member, Merge, Purchase
from loyalty.models.consent import Channel, Purpose
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from tests.making import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room")]

TESTS = 4
WORLDS_PER_TEST = int(os.environ.get("LIFTWELL_HISTORIES", "200")) // TESTS
MEMBERS, STEPS = 4, 9
MINUTE = dt.timedelta(minutes=1)
MARKETING = (Purpose.MARKETING.value, Channel.EMAIL.value)
PERSONAL = (Purpose.PERSONALISATION.value, "")


@pytest.fixture
def room(settings, tmp_path) -> None:
    settings.DATA = tmp_path


class Told(NamedTuple):
    """One step of a history: a merge, its undoing, or a grant or withdrawal."""

    kind: str
    at: dt.datetime
    member: int
    other: int = 0
    key: tuple[str, str] = MARKETING


@dataclass
class World:
    members: list[Member]
    history: list[Told] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    rows: list[Purchase | Event | Consent] = field(default_factory=list)

    def open_edges(self) -> dict[int, int]:
        """Who was merged into whom and is still, by the history."""
        edges: dict[int, int] = {}
        for told in self.history:
            if told.kind == "merge":
                edges[told.other] = told.member
            if told.kind == "undo":
                del edges[told.other]
        return edges


def root(edges: Mapping[int, int], member: int) -> int:
    while member in edges:
        member = edges[member]
    return member


def together(edges: Mapping[int, int], member: int, members: list[Member]) -> set[int]:
    return {each.pk for each in members if root(edges, each.pk) == root(edges, member)}


# -- living through it -------------------------------------------------------------------------------------------------


def worlds(count: int, chance: random.Random) -> list[World]:
    made = Member.objects.bulk_create(
        Member(ref=f"w{world}-{each}") for world in range(count) for each in range(MEMBERS)
    )
    found = [World(list(made[at : at + MEMBERS])) for at in range(0, len(made), MEMBERS)]
    for step in range(STEPS):
        at = NOON + step * MINUTE
        for number, world in enumerate(found):
            live(world, at, f"{number}-{step}", chance)
        save(found)
    return found


def live(world: World, at: dt.datetime, name: str, chance: random.Random) -> None:
    one, two = chance.sample(world.members, 2)
    kind = chance.choice(["merge", "merge", "undo", "say", "say", "buy", "do"])
    if kind == "merge":
        merge(world, one, two, at)
    elif kind == "undo" and world.merges:
        undo(world, chance.choice(world.merges), at)
    elif kind == "buy":
        world.rows.append(purchase(one, at, name, Decimal(chance.randint(1, 9999)) / 100))
    elif kind == "do":
        world.rows.append(Event(ref=name, member=one, at=at, kind="view"))
    elif kind == "say":
        key, granted = chance.choice([MARKETING, MARKETING, PERSONAL]), chance.random() < 0.5
        world.rows.append(Consent(member=one, purpose=key[0], channel=key[1], granted=granted, at=at, source="test"))
        world.history.append(Told("grant" if granted else "withdraw", at, one.pk, key=key))


def merge(world: World, keep: Member, other: Member, at: dt.datetime) -> None:
    try:
        made = identity.merge(keep, other, by=None, at=at, why="chance")
    except Refused:  # they are one already, or were told apart
        return
    world.merges.append(made)
    world.history.append(Told("merge", at, made.kept_id, made.other_id))


def undo(world: World, made: Merge, at: dt.datetime) -> None:
    identity.unmerge(made, by=None, at=at, why="chance")
    world.merges.remove(made)
    world.history.append(Told("undo", at, made.kept_id, made.other_id))


def purchase(member: Member, at: dt.datetime, name: str, paid: Decimal) -> Purchase:
    return Purchase(
        line_ref=name, basket_ref=name, member=member, purchased_at=at, quantity=Decimal(1), net_amount=paid
    )


def save(found: list[World]) -> None:
    for kind in (Purchase, Event, Consent):
        kind.objects.bulk_create(row for world in found for row in world.rows if type(row) is kind and not row.pk)


# -- what must hold ----------------------------------------------------------------------------------------------------


def lost(found: list[World]) -> list[str]:
    """What is not where it came in, by what was written: rows, their members and their sums."""
    now = {kind: {row.pk: row for row in kind.objects.all()} for kind in (Purchase, Event, Consent)}
    kept = [row for world in found for row in world.rows]
    gone = [f"{type(row).__name__} {row.pk}" for row in kept if row.pk not in now[type(row)]]
    moved = [
        f"{type(row).__name__} {row.pk} moved"
        for row in kept
        if row.pk in now[type(row)] and now[type(row)][row.pk].member_id != row.member_id
    ]
    paid = sum((row.net_amount for row in kept if isinstance(row, Purchase)), Decimal(0))
    counted = Purchase.objects.aggregate(paid=Sum("net_amount"))["paid"] or Decimal(0)
    return gone + moved + ([] if paid == counted else [f"{paid} was paid, {counted} is there"])


def wrong_people(found: list[World]) -> list[str]:
    """Who counts under somebody else than the history says."""
    survivor = dict(Alias.objects.values_list("member_id", "survivor_id"))
    return [
        f"{member} counts under {survivor.get(member.pk, member.pk)}"
        for world in found
        for edges in [world.open_edges()]
        for member in world.members
        if survivor.get(member.pk, member.pk) != root(edges, member.pk)
    ]


def wrong_features(found: list[World]) -> list[str]:
    """Whose profile counts other baskets or another sum than all who are one with them bought, or is there twice."""
    known = profiles.opened(profiles.build(day := NOON.date() + dt.timedelta(days=1), at=NOON), on=day)
    return [
        f"{member} counts {counted}, but bought {bought}"
        for world in found
        for edges in [world.open_edges()]
        for member in world.members
        for bought in [expected(world, edges, member)]
        for counted in [counts(known, member)]
        if counted != bought
    ]


def expected(world: World, edges: Mapping[int, int], member: Member) -> tuple[int, float] | None:
    if member.pk in edges:
        return None
    one = together(edges, member.pk, world.members)
    paid = [row.net_amount for row in world.rows if isinstance(row, Purchase) and row.member_id in one]
    return len(paid), float(sum(paid))


def counts(known: Profiles, member: Member) -> tuple[int, float] | None:
    position = known.position(member.pk)
    if position is None:
        return None
    baskets, spend = known.value("baskets_total", position), known.value("spend_365", position)
    return int(baskets or 0), round(float(spend or 0), 2)


def wrong_timelines(found: list[World], *, every: int) -> list[str]:
    """In whose timeline purchases of the person lack, or somebody else's are there; of every so many worlds."""
    wrong = []
    for world in found[::every]:
        edges = world.open_edges()
        for member in world.members:
            one = together(edges, member.pk, world.members)
            page = timeline.page(sorted(aliases.everyone_of([member.pk])), before=timeline.NEWEST, kind="purchase")
            shown = {line.line_ref for entry in page.entries for line in entry.what.lines}
            if shown != {row.line_ref for row in world.rows if isinstance(row, Purchase) and row.member_id in one}:
                wrong.append(f"{member} is shown {shown}")
    return wrong


def wrong_consents(found: list[World]) -> list[str]:
    """Who may be contacted though the history forbids it, or may not though it allows it."""
    may = consent.contactable(Channel.EMAIL)
    return [
        f"{member} may{' not' if member.pk not in may else ''} be contacted"
        for world in found
        for allowed in [set(contactable(world))]
        for member in world.members
        if (member.pk in may) != (member.pk in allowed)
    ]


def contactable(world: World) -> Iterator[int]:
    edges = world.open_edges()
    for member in world.members:
        stands = member.pk not in edges
        if stands and allows(world, member.pk, MARKETING) and allows(world, member.pk, PERSONAL) is not False:
            yield member.pk


def allows(world: World, member: int, key: tuple[str, str]) -> bool | None:
    """What holds for the person that a member stands for: each moment replayed over the merges that are still open.

    Said by one, it holds for all who are one at that moment; where two become one, a withdrawal of either holds.
    """
    lasting, so_far = world.open_edges(), {}
    said: dict[int, bool | None] = {each.pk: None for each in world.members}
    for told in carried(world, key):
        group = together(so_far, told.member, world.members)
        if told.kind != "merge":
            said |= dict.fromkeys(group, told.kind == "grant")
        elif lasting.get(told.other) == told.member and told.at == begun(world, told.other):
            group |= together(so_far, told.other, world.members)
            so_far[told.other] = told.member
            said |= dict.fromkeys(group, strictest({said[each] for each in group}))
    return said[member]


def strictest(answers: set[bool | None]) -> bool | None:
    return False if False in answers else True if True in answers else None


def begun(world: World, other: int) -> dt.datetime:
    """When the merge began that holds now."""
    return max(told.at for told in world.history if told.kind == "merge" and told.other == other)


def carried(world: World, key: tuple[str, str]) -> list[Told]:
    """The history with every withdrawal said by all who were one when it was said, and were taken apart since.

    Unless they granted it again on their own before they were.
    """
    history, edges = [], {}
    for number, told in enumerate(world.history):
        if told.kind == "merge":
            edges[told.other] = told.member
        if told.kind == "undo":
            del edges[told.other]
        if told.kind == "merge" or (told.kind in ("grant", "withdraw") and told.key == key):
            history.append(told)
        if told.kind == "withdraw" and told.key == key:
            others = together(edges, told.member, world.members) - {told.member}
            history += [told._replace(member=each) for each in others if parted(world, number, told.member, each)]
    return history


def parted(world: World, since: int, one: int, two: int) -> bool:
    """Whether two who were one at a point of the history were taken apart after it."""
    edges: dict[int, int] = {}
    for number, told in enumerate(world.history):
        if told.kind == "merge":
            edges[told.other] = told.member
        if told.kind == "undo":
            del edges[told.other]
        if number > since and root(edges, one) != root(edges, two):
            return True
    return False


def take_all_apart(found: list[World], chance: random.Random) -> None:
    for world in found:
        chance.shuffle(world.merges)
        for made in list(world.merges):
            undo(world, made, NOON + (STEPS + 1) * MINUTE)


@pytest.mark.parametrize("seed", range(TESTS))
def test_nothing_is_lost_and_every_answer_is_the_historys(seed: int) -> None:
    chance = random.Random(seed)
    found = worlds(WORLDS_PER_TEST, chance)
    told = Counter(told.kind for world in found for told in world.history)
    assert min(told.values()) > WORLDS_PER_TEST / 5, "the histories hardly do anything"
    assert (lost(found), wrong_people(found), wrong_consents(found)) == ([], [], [])
    assert (wrong_features(found), wrong_timelines(found, every=10)) == ([], [])
    take_all_apart(found, chance)
    assert (lost(found), wrong_people(found), wrong_consents(found)) == ([], [], [])
    assert (wrong_features(found), wrong_timelines(found, every=10)) == ([], [])
    assert not Alias.objects.exists()


def test_merges_in_any_order_end_in_the_same_people() -> None:
    chance = random.Random(5)
    ended: defaultdict[int, set[tuple[tuple[int, int], ...]]] = defaultdict(set)
    for tree in range(8):
        members = Member.objects.bulk_create(Member(ref=f"t{tree}-{each}") for each in range(6))
        edges = [(members[chance.randrange(each)], members[each]) for each in range(1, 6)]
        for _ in range(3):
            made = [identity.merge(*edge, by=None, at=NOON, why="x") for edge in chance.sample(edges, len(edges))]
            ended[tree].add(tuple(sorted(Alias.objects.values_list("member_id", "survivor_id"))))
            for each in chance.sample(made, len(made)):
                identity.unmerge(each, by=None, at=NOON, why="x")
            assert not Alias.objects.exists()
            connection.cursor().execute("DELETE FROM loyalty_pair")  # or they would stay told apart
    assert {len(ends) for ends in ended.values()} == {1}


# -- negative controls -------------------------------------------------------------------------------------------------


def test_merge_that_moved_purchases_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = identity.merge

    def moving(keep: Member, other: Member, **told: object) -> Merge:
        made = whole(keep, other, **told)
        Purchase.objects.filter(member=other).update(member=keep)
        return made

    monkeypatch.setattr(identity, "merge", moving)
    assert lost(worlds(40, random.Random(1)))


def test_merge_that_forgot_whom_it_pointed_to_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is, one that leaves those who counted under the taken member where they were."""
    whole = identity.merge

    def forgetting(keep: Member, other: Member, **facts: object) -> Merge:
        before = dict(Alias.objects.values_list("member_id", "survivor_id"))
        made = whole(keep, other, **facts)
        with connection.cursor() as cursor:  # the database refuses such a chain, so its guard is off too
            cursor.execute("SET LOCAL session_replication_role = replica")
            for member, survivor in before.items():
                cursor.execute("UPDATE loyalty_alias SET survivor_id = %s WHERE member_id = %s", [survivor, member])
            cursor.execute("SET LOCAL session_replication_role = origin")
        return made

    world = World(Member.objects.bulk_create(Member(ref=f"f-{each}") for each in range(3)))
    first, second, third = world.members
    merge(world, first, second, NOON)
    monkeypatch.setattr(identity, "merge", forgetting)
    merge(world, third, first, NOON + MINUTE)
    assert wrong_people([world]) == [f"{second} counts under {first.pk}"]


def test_profiles_and_timelines_that_knew_no_merge_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found = worlds(20, random.Random(1))
    alone = aliases.Survivors(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    monkeypatch.setattr(aliases, "survivors", lambda: alone)
    monkeypatch.setattr(aliases, "everyone_of", lambda ids: dict(zip(ids, ids, strict=True)))
    assert wrong_features(found)
    assert wrong_timelines(found, every=1)


def test_undoing_that_kept_no_withdrawal_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "part", lambda *_, **__: None)
    chance = random.Random(1)
    found = worlds(40, chance)
    take_all_apart(found, chance)
    assert wrong_consents(found)


def test_person_whose_latest_word_held_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is, without the rule that the strictest holds of what was said before a merge."""
    monkeypatch.setattr(consent, "holding", lambda said, person: max(said, default=None))
    assert wrong_consents(worlds(40, random.Random(1)))
