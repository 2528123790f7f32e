"""What members allow: every grant and withdrawal is a row, and the latest row holds.

Being contacted needs a grant; personal choice of offers is allowed until it is withdrawn.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

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
        since = max(at, held.at + INSTANT) if held else at
        return record(member, purpose=purpose, channel=channel, at=since, **said)


def contactable(channel: str, *, members: Iterable[int] | None = None, at: dt.datetime | None = None) -> set[int]:
    """Ids of those who may be sent personal offers by this channel, among `members` (everyone when None).

    With `at`, as it stood at that moment.
    """
    ids = None if members is None else list(members)
    granted = _holding(Purpose.MARKETING, channel, ids, at, granted=True)
    return granted - _holding(Purpose.PERSONALISATION, "", ids, at, granted=False)


def held_for_sending(channel: str, members: Iterable[int]) -> set[int]:
    """As `contactable`, and no withdrawal can be recorded for these members until the transaction ends."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Hold consent in the transaction that sends: it ends with it.")
    ids = sorted(members)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM loyalty_member WHERE id = ANY(%s) ORDER BY id FOR SHARE", [ids])
    return contactable(channel, members=ids)


def of(member: Member) -> dict[tuple[str, str], Consent]:
    """The row that holds for each (purpose, channel) that the member was ever asked about."""
    latest = _latest(Consent.objects.filter(member=member), "purpose", "channel")
    return {(consent.purpose, consent.channel): consent for consent in latest}


def _lock(member: Member) -> None:
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _holding(
    purpose: Purpose, channel: str, members: list[int] | None, at: dt.datetime | None, *, granted: bool
) -> set[int]:
    asked = Consent.objects.filter(purpose=purpose, channel=channel)
    if at is not None:
        asked = asked.filter(at__lte=at)
    if members is not None:
        asked = asked.filter(member__in=members)
    latest = _latest(asked, "member_id").values_list("member_id", "granted")
    return {member for member, holds in latest if holds == granted}


def _latest(consents: QuerySet[Consent], *per: str) -> QuerySet[Consent]:
    return consents.order_by(*per, "-at", "-id").distinct(*per)
