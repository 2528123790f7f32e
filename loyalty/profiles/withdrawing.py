"""Takes a snapshot out of use that should not have been built."""

import datetime as dt

from django.db import transaction

from loyalty.models import Snapshot
from loyalty.refusal import Refused

NAMED = 5


def withdraw(number: int, *, why: str, at: dt.datetime) -> Snapshot:
    """Let nothing new rest on a snapshot; its files stay, for the runs that used it can be asked about."""
    with transaction.atomic():
        snapshot = Snapshot.objects.select_for_update().filter(pk=number).first()
        if snapshot is None:
            raise Refused(f"There is no snapshot {number}: the newest are {_newest()}.")
        if snapshot.withdrawn_at:
            raise Refused(f"Snapshot {number} was withdrawn on {snapshot.withdrawn_at:%-d %B %Y}.")
        if not why.strip():
            raise Refused("Say why with --why: whoever asks later about its runs will want to know.")
        snapshot.withdrawn_at, snapshot.withdrawn_why = at, why.strip()[:300]
        snapshot.save(update_fields=["withdrawn_at", "withdrawn_why"])
    return snapshot


def _newest() -> str:
    newest = Snapshot.objects.order_by("-pk")[:NAMED]
    return ", ".join(f"{each.pk} (of {each.as_of:%-d %B %Y})" for each in newest) or "none"
