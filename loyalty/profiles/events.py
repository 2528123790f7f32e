"""Events out of PostgreSQL, once, for features and for the index of what members did."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from loyalty import aliases, copying
from loyalty.aliases import Survivors
from loyalty.copying import TEXTS
from loyalty.models import Event
from loyalty.profiles.coding import Coding, Words, in_order
from loyalty.profiles.extent import last_member, span, until
from loyalty.profiles.positions import positions
from loyalty.profiling import engagement
from loyalty.profiling.history import records as history
from loyalty.profiling.records import Events, Members
from loyalty.profiling.spool import Spool

ROW = {"member": "i8", "day": "i4", "kind": "i4", "channel": "i4"}
EVENTS = """
    SELECT block.*
    FROM generate_series(%(first)s::bigint, %(last)s, %(rows)s) first CROSS JOIN LATERAL (
        SELECT array_agg(member_id),
               array_agg((at AT TIME ZONE %(zone)s)::date - '1970-01-01'::date),
               {kind},
               {channel}
        FROM loyalty_event
        WHERE id >= first AND id < first + %(rows)s AND at < %(until)s
        HAVING count(*) > 0
    ) block
"""


@dataclass(frozen=True)
class SpooledEvents:
    """Events laid aside, and what the numbers of their kinds and channels stand for; "" is no channel."""

    rows: Spool
    kinds: tuple[str, ...]
    channels: tuple[str, ...]

    def for_features(self, members: Members) -> Iterator[Events]:
        """The events that say that somebody is paying attention."""
        code_of = np.array([engagement.CODE_OF_KIND.get(kind, -1) for kind in self.kinds], dtype=np.int8)
        for rows in self.rows.blocks():
            telling = rows[np.flatnonzero(code_of[rows["kind"]] >= 0)]
            yield Events(positions(members.member_ids, telling["member"]), telling["day"], code_of[telling["kind"]])

    def for_history(self, members: Members) -> Iterator[history.EventRows]:
        (kind, _), (channel, _) = self._kinds(), self._channels()
        for rows in self.rows.blocks():
            member = positions(members.member_ids, rows["member"])
            yield history.EventRows(member, rows["day"].copy(), kind[rows["kind"]], channel[rows["channel"]])

    def words(self) -> tuple[Words, Words]:
        """The kinds and the channels behind the codes."""
        return self._kinds()[1], self._channels()[1]

    def _kinds(self) -> tuple[np.ndarray, Words]:
        return in_order(np.arange(len(self.kinds)), self.kinds)

    def _channels(self) -> tuple[np.ndarray, Words]:
        return in_order(np.arange(len(self.channels)), [name or None for name in self.channels])


def before(as_of: dt.date, directory: Path, merged: Survivors) -> SpooledEvents:
    """Every event before a day, under the member who stands for its member, laid aside in the directory."""
    kinds, channels = Coding(), Coding()
    directory.mkdir()
    laid = Spool(directory, np.dtype(list(ROW.items())), last_member=last_member())
    asked = {"member": "i8", "day": "i4", "kind": TEXTS, "channel": TEXTS}
    query = EVENTS.format(kind=copying.texts("kind"), channel=copying.texts("channel"))
    for block in copying.blocks(query, {**span(Event), **until(as_of)}, asked):
        coded = {"kind": kinds.add(block["kind"]), "channel": channels.add(block["channel"])}
        laid.add({**block, **coded, "member": aliases.standing_for(block["member"], merged)})
    laid.close()
    return SpooledEvents(laid, _told(kinds), _told(channels))


def _told(coding: Coding) -> tuple[str, ...]:
    return tuple(text.decode() for text in coding.numbers)
