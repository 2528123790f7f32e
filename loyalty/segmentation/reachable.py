"""Which members of a snapshot may be sent personal offers, by channel, for counting alone.

Of many members it is read behind the page and held for some minutes, and what is shown says since when. Nothing is
sent by it: sending asks consent again.
"""

import datetime as dt
import weakref
from dataclasses import dataclass, field
from threading import Lock, Thread

import numpy as np
from django.db import connection

from loyalty import copying
from loyalty.models.consent import Purpose
from loyalty.profiling.bitset import Bitset
from loyalty.profiling.table import Profiles

AT_ONCE = 5_000  # of so few members it is read at every question: some milliseconds
HELD_FOR = dt.timedelta(minutes=5)
# The same as `consent.contactable`, as arrays: a message for each of millions of ids would keep the whole process busy.
CONTACTABLE = """
    SELECT array_agg(member_id) FROM (
        SELECT DISTINCT ON (member_id) member_id, granted FROM loyalty_consent
        WHERE purpose = %(marketing)s AND channel = %(channel)s ORDER BY member_id, at DESC, id DESC
    ) asked LEFT JOIN (
        SELECT DISTINCT ON (member_id) member_id, granted FROM loyalty_consent
        WHERE purpose = %(personalisation)s AND channel = '' ORDER BY member_id, at DESC, id DESC
    ) held USING (member_id)
    WHERE asked.granted AND held.granted IS DISTINCT FROM false
    GROUP BY member_id / 65536
"""


@dataclass(frozen=True)
class Reachable:
    """Who may be contacted by a channel, as it was known at a moment."""

    inside: Bitset
    at: dt.datetime


@dataclass
class _Held:
    """What one process knows: by snapshot and channel, and what is being read now."""

    known: "weakref.WeakKeyDictionary[Profiles, dict[str, Reachable]]" = field(
        default_factory=weakref.WeakKeyDictionary
    )
    reading: set[tuple[int, str]] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)


_held = _Held()


def reachable(members: Profiles, channel: str, *, at: dt.datetime) -> Reachable | None:
    """Who of the members may be contacted; None while it is read for the first time."""
    if len(members) <= AT_ONCE:
        return read(members, channel, at=at)
    known = _held.known.get(members, {}).get(channel)
    if known is None or abs(at - known.at) > HELD_FOR:
        _read_behind(members, channel, at=at)
    return known


def read(members: Profiles, channel: str, *, at: dt.datetime) -> Reachable:
    """Who of the members may be contacted, asked of the database now, which is `at`."""
    return Reachable(Bitset.of_mask(contactable(members, channel)), at)


def contactable(members: Profiles, channel: str) -> np.ndarray:
    """(n,) bool: who of the members may be contacted by what each reference said itself, as the record stands now."""
    asked = {"marketing": Purpose.MARKETING, "personalisation": Purpose.PERSONALISATION, "channel": channel}
    inside = np.zeros(len(members), dtype=bool)
    if not len(members):
        return inside
    for block in copying.blocks(CONTACTABLE, asked, {"member": "i8"}):
        inside[_positions(members, block["member"])] = True
    return inside


def _positions(members: Profiles, ids: np.ndarray) -> np.ndarray:
    """The rows of those ids that the snapshot knows."""
    rows = np.minimum(np.searchsorted(members.member_ids, ids), len(members) - 1)
    found: np.ndarray = rows[members.member_ids[rows] == ids]
    return found


def _read_behind(members: Profiles, channel: str, *, at: dt.datetime) -> None:
    with _held.lock:
        if (id(members), channel) in _held.reading:
            return
        _held.reading.add((id(members), channel))
    Thread(target=_hold, args=(members, channel, at), name=f"consent by {channel}", daemon=True).start()


def _hold(members: Profiles, channel: str, at: dt.datetime) -> None:
    try:
        found = read(members, channel, at=at)
        with _held.lock:
            _held.known.setdefault(members, {})[channel] = found
    finally:
        with _held.lock:
            _held.reading.discard((id(members), channel))
        connection.close()  # a thread has one of its own
