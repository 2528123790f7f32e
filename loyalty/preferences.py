"""What members choose for themselves, behind a signed link of their own: no log-in, nothing to guess."""

import datetime as dt

from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from loyalty import aliases, consent
from loyalty.models import LinksEnded, Member
from loyalty.models.consent import Channel, Purpose
from loyalty.refusal import Refused

SALT = "loyalty.preferences"
VALID_FOR = dt.timedelta(days=730)
SOURCE = "preference page"
UNASKED = {(Purpose.MARKETING.value, channel): False for channel in Channel.values} | {
    (Purpose.PERSONALISATION.value, ""): True
}


def path_for(member: Member) -> str:
    """The member's own page; the link works for two years, or until somebody ends it."""
    return reverse("preferences", args=[signing.dumps([member.pk, member.link_number], salt=SALT)])


def member_of(token: str, *, even_ended: bool = False) -> Member:
    """Whose link this is; Refused for one that is damaged, out of date, ended or somebody's invention.

    A link that was ended opens nothing any more, and with `even_ended` it still says who wants no further messages.
    """
    try:
        pk, number = _told(signing.loads(token, salt=SALT, max_age=VALID_FOR))
        links = Member.objects.all() if even_ended else Member.objects.filter(link_number=number)
        return links.get(pk=pk)
    except (signing.BadSignature, Member.DoesNotExist):
        raise Refused("This link does not work (any more): please use the one in our newest message to you.") from None


def _told(content: int | list[int]) -> tuple[int, int]:
    """Whose link it is and which of theirs; the first ones tell no number."""
    pk, number = content if isinstance(content, list) else (content, 0)
    return pk, number


def end_links(member: Member, *, by: User, at: dt.datetime) -> None:
    """From now on none of the links opens that this person was sent so far; the next message brings a new one.

    Members who were merged are one person, whose choices each of their links opens.
    """
    with transaction.atomic():
        person = Member.objects.filter(pk__in=aliases.hold([member.pk], lock="NO KEY UPDATE"))
        person.update(link_number=F("link_number") + 1)
        LinksEnded.objects.bulk_create(
            LinksEnded(member=each, number=each.link_number, by=by, at=at) for each in person.order_by("pk")
        )


def allows(member: Member) -> dict[tuple[str, str], bool]:
    """What holds for each choice on the page, keyed by (purpose, channel)."""
    held = consent.of(member)
    return {key: held[key].granted if key in held else unasked for key, unasked in UNASKED.items()}


def choose(member: Member, *, purpose: str, channel: str, granted: bool, wording: str, at: dt.datetime) -> None:
    """Record the member's choice, effective at once; Refused for a choice that the page does not offer."""
    if (purpose, channel) not in UNASKED:
        raise Refused("There is no such choice: reload the page and choose again.")
    consent.change(
        member, purpose=Purpose(purpose), channel=channel, granted=granted, wording=wording, source=SOURCE, at=at
    )
