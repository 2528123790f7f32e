"""What members allow: every grant and withdrawal is a row, and the latest row holds.

Being contacted needs a grant; personal choice of offers is allowed until it is withdrawn. Members who were merged are
one person (`loyalty.linking.person` says what holds for it), and only the one who stands for it is contacted.

The database refuses to change a row, and deletes one only in a transaction that said
`SET LOCAL liftwell.erasing = 'on'`, as the erasure of a person does.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from loyalty import aliases
from loyalty.linking.person import Person, Said, carried_over, holding
from loyalty.models import Consent, Member
from loyalty.models.consent import Channel, Purpose

INSTANT = dt.timedelta(microseconds=1)


def record(
    member: Member,
    *,
    purpose: Purpose,
    granted: bool,
    at: dt.datetime,
    source: str,
    channel: Channel | str = "",
    wording: str = "",
) -> Consent:
    """Write down a grant or withdrawal; once this returns, no message starts that it forbids.

    The member's row is locked, and a sender holds a share of the same lock until its message is recorded. Recorded
    twice, it is one row.
    """
    with transaction.atomic():
        _lock(member)
        return Consent.objects.get_or_create(
            member=member,
            purpose=purpose,
            channel=channel,
            granted=granted,
            at=at,
            defaults={"source": source, "wording": wording},
        )[0]


def change(member: Member, *, purpose: Purpose, channel: Channel | str, at: dt.datetime, **said: Any) -> Consent:
    """`record` what the member says now: it holds even if an earlier row claims a later moment.

    Clocks of machines differ, and a file can tell of tomorrow; neither may keep a member waiting.
    """
    with transaction.atomic():
        _lock(member)
        held = of(member).get((purpose, channel))
        merged = [merge.at for person in aliases.people([member.pk]) for merge in person.merges]
        before = [*merged, held.at] if held else merged
        since = max(at, *(moment + INSTANT for moment in before)) if before else at
        return record(member, purpose=purpose, channel=channel, at=since, **said)


def contactable(channel: str, *, members: Iterable[int] | None = None, at: dt.datetime | None = None) -> set[int]:
    """Ids of those who may be sent personal offers by this channel, among `members` (everyone when None).

    With `at`, as it stood at that moment.
    """
    ids = None if members is None else list(members)
    granted = _holding(Purpose.MARKETING, channel, ids, at, granted=True)
    return granted - _holding(Purpose.PERSONALISATION, "", ids, at, granted=False)


def held_for_sending(channel: str, members: Iterable[int]) -> set[int]:
    """As `contactable`, and no withdrawal can be recorded for these members until the transaction ends.

    Nor for those who are one person with any of them.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Hold consent in the transaction that sends: it ends with it.")
    ids = list(members)
    aliases.hold(ids, lock="SHARE")
    return contactable(channel, members=ids)


def objecting(members: Iterable[int]) -> set[int]:
    """Those of these ids who do not allow that offers are chosen for them: of them nothing is kept for only that.

    Of several who are one person, what holds for the person holds for each.
    """
    ids = set(members)
    person_of = {member: Person(member, ()) for member in ids}
    person_of |= {member: person for person in aliases.people(ids) for member in person.members}
    said = _said_by(Consent.objects.filter(member__in=person_of, purpose=Purpose.PERSONALISATION, channel=""))
    return {member for member in ids if _withdrawn(person_of[member], said)}


def of(member: Member) -> dict[tuple[str, str], Consent]:
    """The row that holds for each (purpose, channel) that the member, or who is one with them, was asked about."""
    for person in aliases.people([member.pk]):
        held = {key: holding(said, person) for key, said in _said(person.members).items()}
        rows = Consent.objects.in_bulk([said.number for said in held.values() if said])
        return {key: rows[said.number] for key, said in held.items() if said}
    latest = _latest(Consent.objects.filter(member=member), "purpose", "channel")
    return {(consent.purpose, consent.channel): consent for consent in latest}


def part(person: Person, leaving: frozenset[int], *, source: str) -> None:
    """Write down for each member what someone on the other side took back while they were one person."""
    for (purpose, channel), said in _said(person.members).items():
        for member, withdrawn in carried_over(said, person, leaving).items():
            row = {"purpose": purpose, "channel": channel, "at": withdrawn.at, "granted": False}
            Consent.objects.create(member_id=member, source=source, **row)


def _lock(member: Member) -> None:
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _holding(
    purpose: Purpose, channel: str, members: list[int] | None, at: dt.datetime | None, *, granted: bool
) -> set[int]:
    asked = Consent.objects.filter(purpose=purpose, channel=channel)
    if at is not None:
        asked = asked.filter(at__lte=at)
    alone = asked if members is None else asked.filter(member__in=members)
    latest = _latest(alone, "member_id").values_list("member_id", "granted")
    people = aliases.people(members)
    own = {member for member, holds in latest if holds == granted}.difference(*(each.members for each in people))
    return own | _of_people(people, asked, None if members is None else set(members), granted=granted)


def _of_people(people: list[Person], asked: QuerySet[Consent], among: set[int] | None, *, granted: bool) -> set[int]:
    """Those who stand for a person, among these, and for whom it holds."""
    wanted = [person for person in people if among is None or person.survivor in among]
    said = _said_by(asked.filter(member__in=[member for person in wanted for member in person.members]))
    return {
        person.survivor
        for person in wanted
        if (held := holding([each for member in person.members for each in said[member]], person))
        and held.granted == granted
    }


def _withdrawn(person: Person, said: Mapping[int, list[Said]]) -> bool:
    held = holding([each for member in person.members for each in said.get(member, ())], person)
    return held is not None and not held.granted


def _said(members: Iterable[int]) -> Mapping[tuple[str, str], list[Said]]:
    said: defaultdict[tuple[str, str], list[Said]] = defaultdict(list)
    for row in Consent.objects.filter(member__in=members):
        said[row.purpose, row.channel].append(Said(row.at, row.pk, row.member_id, row.granted))
    return said


def _said_by(asked: QuerySet[Consent]) -> Mapping[int, list[Said]]:
    said: defaultdict[int, list[Said]] = defaultdict(list)
    for row in asked.values_list("at", "pk", "member_id", "granted"):
        said[row[2]].append(Said(*row))
    return said


def _latest(consents: QuerySet[Consent], *per: str) -> QuerySet[Consent]:
    return consents.order_by(*per, "-at", "-id").distinct(*per)
