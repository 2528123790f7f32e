"""Asking twice under one `Idempotency-Key` does the work once and answers the same."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import transaction

from loyalty.models import MachineKey, StoredAnswer
from loyalty.refusal import Refused

KEPT_FOR = dt.timedelta(hours=24)
LONGEST_KEY = 200

REUSED = (
    "This Idempotency-Key was sent before with another request: send the same request again, or choose a new key for a "
    "new one."
)
NOT_A_KEY = f"An Idempotency-Key has at most {LONGEST_KEY} characters that can be printed: send one such as a UUID."


class Answer(NamedTuple):
    content: Any
    is_repeat: bool


def once(machine: MachineKey, key: str, request_hash: str, work: Callable[[], Any], *, at: dt.datetime) -> Answer:
    """Do the work and keep its answer (JSON) with it in one transaction, or give the answer that is kept.

    Of two that ask at once the second waits for the first, and works itself if that one failed. Raises Refused for a
    key that came with another request; without a key the work is simply done.
    """
    if not key:
        return Answer(work(), is_repeat=False)
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused(NOT_A_KEY)
    with transaction.atomic():
        StoredAnswer.objects.filter(machine=machine, key=key, at__lt=at - KEPT_FOR).delete()
        stored, is_new = StoredAnswer.objects.get_or_create(
            machine=machine, key=key, defaults={"request_hash": request_hash, "at": at}
        )
        if is_new:
            stored.answer = work()
            stored.save(update_fields=["answer"])
    if stored.request_hash != request_hash:
        raise Refused(REUSED)
    return Answer(stored.answer, is_repeat=not is_new)


def forget(*, at: dt.datetime) -> int:
    """Delete the answers that nobody is promised any more; returns how many."""
    return StoredAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
