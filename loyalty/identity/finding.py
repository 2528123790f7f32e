"""Finds members by an address of theirs, by its keyed hash: nothing is searched in plain text."""

from django.conf import settings

from loyalty.identity import digests
from loyalty.linking import normal
from loyalty.models import Identity, Member
from loyalty.refusal import Refused

MOST = 50
NO_ADDRESS = "Type a whole e-mail address, or a whole phone number with its country code."
NOBODY = "Nobody is known by this address. One that was loaded lately is found once members have been linked again."


def by_address(written: str) -> list[Member]:
    """The members with this e-mail address or phone number, the first `MOST` by reference; Refused if nobody has it."""
    kind = Identity.Kind.EMAIL if "@" in written else Identity.Kind.PHONE
    address = normal.email(written) if "@" in written else normal.phone(written, settings.RETAILER_COUNTRY)
    if not address:
        raise Refused(NO_ADDRESS)
    digest = digests.digest(kind.value, address, key=digests.key())
    found = Member.objects.filter(identities__kind=kind, identities__digest=digest).select_related("home_store")
    members = list(found.distinct().order_by("ref")[:MOST])
    if not members:
        raise Refused(NOBODY)
    return members
