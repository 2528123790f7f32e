"""What members did lately, over a window as long as a campaign's and over the time before it: what chance alone does to
an outcome, and how much of it the time before foretells."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.measurement.lift import NotMeasured
from campaigns.models import Campaign
from loyalty import aliases, copying

MONEY = 10_000.0
SHORTEST_BEFORE_DAYS = 56  # eight weeks: shorter ones foretell little of what a member does
ROW = copying.row_type(member="i8", is_before="i4", net_e4="i8", margin_e4="i8", without_margin="i8", baskets="i8")
# A few thousand members are found by their index; the rest of the table is not read.
TOTALS = """
    SELECT member_id, (purchased_at < %(middle)s)::int4, (sum(net_amount) * 10000)::int8,
           (coalesce(sum(margin_amount), 0) * 10000)::int8, count(*) FILTER (WHERE margin_amount IS NULL),
           count(DISTINCT basket_ref) FILTER (WHERE quantity > 0)
    FROM loyalty_purchase
    WHERE member_id = ANY(%(members)s::bigint[]) AND purchased_at >= %(since)s AND purchased_at < %(until)s
    GROUP BY 1, 2
"""

Values = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Window:
    """`days` before `until`, and the time before them."""

    until: dt.datetime
    days: int

    @property
    def middle(self) -> dt.datetime:
        return self.until - dt.timedelta(days=self.days)

    @property
    def days_before(self) -> int:
        return max(self.days, SHORTEST_BEFORE_DAYS)

    @property
    def since(self) -> dt.datetime:
        return self.middle - dt.timedelta(days=self.days_before)


def outcomes(member_ids: np.ndarray, metric: str, window: Window) -> Values | NotMeasured:
    """The metric of each of a few members (n,), in the window and in the time before it; those of merged members count
    for the one who stands for them."""
    who = aliases.everyone_of(member_ids.tolist())
    asked = {"members": list(who), "since": window.since, "middle": window.middle, "until": window.until}
    rows = copying.read(TOTALS, asked, ROW)
    if not rows.size:
        return NotMeasured("None of these members bought anything lately, so what could be seen is not known.")
    lacking = int(rows["without_margin"].sum())
    if metric == Campaign.Metric.MARGIN and lacking:
        return NotMeasured(f"{lacking:,} of their purchase lines have no margin: load them with it, or judge by spend.")
    at = _places(rows["member"], member_ids, who)
    return _spread(rows, at, metric, len(member_ids), before=0), _spread(rows, at, metric, len(member_ids), before=1)


def _places(members: np.ndarray, member_ids: np.ndarray, who: Mapping[int, int]) -> np.ndarray:
    """Where the one who stands for each of `members` is among `member_ids`."""
    order = np.argsort(member_ids, kind="stable")
    standing = np.array([who[member] for member in members.tolist()], dtype=np.int64)
    found: np.ndarray = order[np.searchsorted(member_ids, standing, sorter=order)]
    return found


def _spread(rows: np.ndarray, at: np.ndarray, metric: str, members: int, *, before: int) -> np.ndarray:
    some = rows["is_before"] == before
    values = np.bincount(at[some], weights=_told(rows[some], metric), minlength=members)
    return np.minimum(values, 1.0) if metric == Campaign.Metric.PURCHASERS else values


def _told(rows: np.ndarray, metric: str) -> np.ndarray:
    match metric:
        case Campaign.Metric.SPEND:
            return np.asarray(rows["net_e4"] / MONEY)
        case Campaign.Metric.BASKETS | Campaign.Metric.PURCHASERS:
            return np.asarray(rows["baskets"], dtype=np.float64)
        case _:
            return np.asarray(rows["margin_e4"] / MONEY)
