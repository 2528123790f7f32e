"""Which members of a snapshot may be sent personal offers, by channel, for counting alone.

Of many members it is read behind the page and held for some minutes, and what is shown says since when. Nothing is
sent by it: sending asks consent again.
"""

import datetime as dt
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock, Thread

import numpy as np
from django.db import connection

from loyalty import copying
from loyalty.models.consent import Purpose
from loyalty.profiling.bitset import Bitset
from loyalty.profiling.cores import share
from loyalty.profiling.table import Profiles

AT_ONCE = 5_000  # of so few members it is read at every question: some milliseconds
HELD_FOR = dt.timedelta(minutes=5)
IDS_AT_ONCE = 2**25  # of members, which make one array in the database
LOOKED_UP = 2**18
# The same as `consent.contactable`, as arrays: a message for each of millions of ids would keep the whole process busy.
# Whoever granted and never took back need not be put in order, so that this is one scan, by several processes. It comes
# before the other: what is taken back in between is seen there.
GRANTED = """
    SELECT array_agg(member_id) FROM loyalty_consent
    WHERE granted AND purpose = %(marketing)s AND channel = %(channel)s
      AND member_id >= %(first)s AND member_id < %(first)s + %(ids)s
    HAVING count(*) > 0
"""
TAKEN_BACK = """
    WITH asked AS NOT MATERIALIZED (
        SELECT * FROM loyalty_consent
        WHERE purpose = %(marketing)s AND channel = %(channel)s OR purpose = %(personalisation)s AND channel = ''
    )
    SELECT array_agg(member_id) FROM (
        SELECT DISTINCT ON (member_id, purpose) member_id, granted FROM asked
        WHERE member_id IN (SELECT member_id FROM asked WHERE NOT granted)
        ORDER BY member_id, purpose, at DESC, id DESC
    ) latest WHERE NOT granted
    HAVING count(*) > 0
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
    inside = np.zeros(len(members), dtype=bool)
    asked = {"marketing": Purpose.MARKETING, "personalisation": Purpose.PERSONALISATION, "channel": channel}
    if not len(members):
        return inside
    for first in range(int(members.member_ids[0]), int(members.member_ids[-1]) + 1, IDS_AT_ONCE):
        inside[_read(members, GRANTED, {**asked, "first": first, "ids": IDS_AT_ONCE})] = True
    inside[_read(members, TAKEN_BACK, asked)] = False
    return inside


def _read(members: Profiles, query: str, asked: Mapping[str, object]) -> np.ndarray:
    """The rows of those whom a query tells of, as far as the snapshot knows them."""
    told = [block["member"] for block in copying.blocks(query, asked, {"member": "i8"})]
    parts = [ids[first : first + LOOKED_UP] for ids in told for first in range(0, len(ids), LOOKED_UP)]
    return np.concatenate([np.zeros(0, np.intp), *share(lambda ids: _positions(members, ids), parts)])


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
