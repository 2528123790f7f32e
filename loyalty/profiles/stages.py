"""The stages that a person went through, each with the day on which it began."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from django.conf import settings
from django.db import connection

from loyalty import clock
from loyalty.models import Member, Snapshot
from loyalty.profiling import freshness, lifecycle
from loyalty.profiling import snapshot as storage
from loyalty.profiling.table import EPOCH, Profiles, day_number

# A visit is a basket that comes to more than nothing, as in `profiling.visits`.
_SHOPPING_DAYS = """
    SELECT DISTINCT day - '1970-01-01'::date FROM (
        SELECT (purchased_at AT TIME ZONE %(zone)s)::date AS day FROM loyalty_purchase
        WHERE member_id = ANY(%(members)s) AND purchased_at < %(until)s
        GROUP BY day, basket_ref HAVING sum(net_amount) > 0
    ) visit ORDER BY 1
"""
_FIRST_PURCHASE = """
    SELECT (purchased_at AT TIME ZONE %(zone)s)::date - '1970-01-01'::date FROM loyalty_purchase
    WHERE member_id IS NOT NULL AND purchased_at < %(until)s ORDER BY purchased_at LIMIT 1
"""


class StageBegan(NamedTuple):
    day: dt.date
    stage: str


def of(person: Member, members: Sequence[int], snapshot: Snapshot) -> Iterator[StageBegan]:
    """What the person was up to the day of the snapshot, by day; `members` are all who are one with the person.

    Where purchases fell silent it ends with the last day on which they could still be relied on.
    """
    everybody = _everybody(snapshot.path)
    asked: dict[str, Any] = {
        "zone": settings.TIME_ZONE,
        "members": list(members),
        "until": clock.start_of(everybody.until),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHOPPING_DAYS, asked)
        bought = np.array([day for (day,) in cursor], dtype=np.int64)
    changes = lifecycle.changes(
        bought,
        day_number(person.joined_on) if person.joined_on else -1,
        on_day=day_number(everybody.until),
        history_start=everybody.history_start,
        typical=everybody.typical,
    )
    return (StageBegan(EPOCH + dt.timedelta(days=day), lifecycle.STAGES[code]) for day, code in changes)


class _Everybody(NamedTuple):
    """What a person's stages take of everybody: the last day, the first with a purchase, and the typical interval."""

    until: dt.date
    history_start: int
    typical: float


@lru_cache(maxsize=4)
def _everybody(directory: Path) -> _Everybody:
    everyone = storage.open_snapshot(directory)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_PURCHASE, {"zone": settings.TIME_ZONE, "until": clock.start_of(everyone.as_of)})
        first = cursor.fetchone()
    typical = lifecycle.typical_interval(everyone.column("interval_days"))
    return _Everybody(_until(everyone), first[0] if first else day_number(everyone.as_of), typical)


def _until(everyone: Profiles) -> dt.date:
    newest, longest = everyone.newest.get(freshness.PURCHASES), everyone.features["lifecycle"].max_age_days
    if newest is None or longest is None:
        return everyone.as_of
    return min(everyone.as_of, newest + dt.timedelta(days=longest))
