"""Opens and clicks of what was sent: what members did with a message, and what programs that check links did."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from analytics.gathering.members import Members
from campaigns.models import Run
from loyalty import copying

KINDS = ("open", "click", "offer_viewed")
ROW = copying.row_type(member="i8", kind="i4", at="f8", after="f8")
# Another tool's messages are not in the record: when they were sent is not known, only that it was not before they were
# decided on.
READ = """
    WITH told AS (
        SELECT member_id, min(at) AS at FROM campaigns_delivery
        WHERE run_id = %(run)s AND state = 'sent' GROUP BY member_id
        UNION ALL
        SELECT member_id, at FROM campaigns_decision
        WHERE run_id = %(run)s AND %(imported)s AND rank = 0 AND NOT held_out
    )
    SELECT event.member_id, array_position(%(kinds)s::text[], event.kind) - 1,
           extract(epoch FROM event.at)::float8,
           CASE WHEN %(imported)s THEN 'Infinity' ELSE extract(epoch FROM event.at - told.at) END::float8
    FROM loyalty_event event JOIN told USING (member_id)
    WHERE event.kind = ANY(%(kinds)s) AND event.at >= told.at AND event.at < %(until)s
      AND (event.offer_ref = '' OR event.offer_ref = ANY(%(offers)s))
    ORDER BY 1, 3, 2
"""


@dataclass(frozen=True, eq=False)
class Engagement:
    """(k,) each: whose event it is, by position, of which of `kinds`, when and how long after sending in seconds.

    The last is infinite where it is not known.
    """

    member: np.ndarray
    kind: np.ndarray
    at: np.ndarray
    after: np.ndarray
    kinds: tuple[str, ...] = KINDS


def engagement(run: Run, members: Members, *, until: dt.datetime) -> Engagement:
    """Of members who were sent something, up to a moment."""
    offers = list(run.offers.values_list("offer__ref", flat=True))
    asked = {"run": run.pk, "imported": run.campaign.imported, "kinds": list(KINDS), "offers": offers, "until": until}
    rows = copying.read(READ, asked, ROW)
    return Engagement(
        member=np.searchsorted(members.ids, rows["member"]),
        kind=rows["kind"].astype(np.int32),
        at=rows["at"].astype(np.float64),
        after=rows["after"].astype(np.float64),
    )
