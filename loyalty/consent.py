"""What members allow: every grant and withdrawal is a row, and the latest row holds.

Being contacted needs a grant; personal choice of offers is allowed until it is withdrawn.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction

from loyalty.models import Consent, Member
from loyalty.models.consent import Channel, Purpose


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

    The member's row is locked, and a sender holds a share of the same lock until its message is recorded.
    """
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        return Consent.objects.create(
            member=member, purpose=purpose, channel=channel, granted=granted, at=at, source=source, wording=wording
        )


def contactable(channel: str, *, members: Iterable[int] | None = None) -> set[int]:
    """Ids of those who may be sent personal offers by this channel, among `members` (everyone when None)."""
    granted = _holding(Purpose.MARKETING, channel, members, granted=True)
    return granted - _holding(Purpose.PERSONALISATION, "", members, granted=False)


def held_for_sending(channel: str, members: Iterable[int]) -> set[int]:
    """As `contactable`, and no withdrawal can be recorded for these members until the transaction ends."""
    ids = sorted(members)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM loyalty_member WHERE id = ANY(%s) ORDER BY id FOR SHARE", [ids])
    return contactable(channel, members=ids)


def of(member: Member) -> dict[tuple[str, str], Consent]:
    """The row that holds for each (purpose, channel) that the member was ever asked about."""
    latest = _latest(Consent.objects.filter(member=member), "purpose", "channel")
    return {(consent.purpose, consent.channel): consent for consent in latest}


def _holding(purpose: Purpose, channel: str, members: Iterable[int] | None, *, granted: bool) -> set[int]:
    asked = Consent.objects.filter(purpose=purpose, channel=channel)
    if members is not None:
        asked = asked.filter(member__in=list(members))
    latest = _latest(asked, "member_id").values_list("member_id", "granted")
    return {member for member, holds in latest if holds == granted}


def _latest(consents, *per: str):  # type: ignore[no-untyped-def]
    return consents.order_by(*per, "-at", "-id").distinct(*per)
