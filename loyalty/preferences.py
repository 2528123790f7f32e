"""What members choose for themselves, behind a signed link of their own: no log-in, nothing to guess."""

import datetime as dt

from django.core import signing
from django.urls import reverse

from loyalty import consent
from loyalty.models import Member
from loyalty.models.consent import Channel, Purpose
from loyalty.refusal import Refused

SALT = "loyalty.preferences"
VALID_FOR = dt.timedelta(days=730)
SOURCE = "preference page"
UNASKED = {(Purpose.MARKETING.value, channel): False for channel in Channel.values} | {
    (Purpose.PERSONALISATION.value, ""): True
}


def path_for(member: Member) -> str:
    """The member's own page; the link works for two years."""
    return reverse("preferences", args=[signing.dumps(member.pk, salt=SALT)])


def member_of(token: str) -> Member:
    """Whose link this is; Refused for one that is damaged, out of date or somebody's invention."""
    try:
        return Member.objects.get(pk=signing.loads(token, salt=SALT, max_age=VALID_FOR))
    except (signing.BadSignature, Member.DoesNotExist):
        raise Refused("This link does not work (any more): please use the one in our newest message to you.") from None


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
