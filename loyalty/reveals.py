"""Contact details stay masked until somebody says why they need to see them, and that is written down first."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from loyalty.models import Contact, Member, Reveal
from loyalty.refusal import Refused

NO_REASON = "Choose why you need to see the contact details: the reason is kept with your name and the time."
NOTHING = "No contact details are known of this member: load them with the members file."


def reveal(member: Member, *, by: User, at: dt.datetime, reason: str) -> Contact:
    """The member's contact details, once it is recorded who looks at them and why; Refused without a reason."""
    if reason not in Reveal.Reason.values:
        raise Refused(NO_REASON)
    with transaction.atomic():
        contact = Contact.objects.filter(member=member).first()
        if contact is None:
            raise Refused(NOTHING)
        Reveal.objects.create(member=member, by=by, at=at, reason=reason)
    return contact
