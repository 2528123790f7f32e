"""What members did after they were decided on. The one definition of an outcome: learning and lift both read it here.

Every member decided on counts, whatever reached them. Purchases and returns count over the whole basket, from a run's
`outcomes_from` until its `outcomes_until`, the latter not included. What a merged member did counts for the one who
stands for it, unless it was decided on itself.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from campaigns.models import Run
from loyalty import aliases, copying
from loyalty.models import Event

MONEY = 10_000.0

TOTAL = copying.row_type(
    member="i8", net_e4="i8", margin_e4="i8", lines="i8", without_margin="i8", baskets="i8", items_e4="i8"
)
TOTALS = """
    SELECT member_id, (sum(net_amount) * 10000)::int8, (coalesce(sum(margin_amount), 0) * 10000)::int8, count(*),
           count(*) FILTER (WHERE margin_amount IS NULL), count(DISTINCT basket_ref) FILTER (WHERE quantity > 0),
           (sum(quantity) * 10000)::int8
    FROM loyalty_purchase
    WHERE member_id IS NOT NULL AND purchased_at >= %(since)s AND purchased_at < %(until)s
    GROUP BY member_id ORDER BY member_id
"""

COUNT = copying.row_type(member="i8", count="i8")
REDEMPTION = copying.row_type(member="i8", position="i2", count="i8")
# Who was given what by a run, and the references whose purchases count for them.
COUNTED = """
    WITH decided AS (SELECT member_id, run_offer_id FROM campaigns_decision WHERE run_id = %(run)s),
    counted AS (
        SELECT member_id, member_id AS reference, run_offer_id FROM decided
        UNION ALL
        SELECT decided.member_id, alias.member_id, run_offer_id
        FROM loyalty_alias alias JOIN decided ON decided.member_id = alias.survivor_id
        WHERE NOT EXISTS (SELECT FROM decided own WHERE own.member_id = alias.member_id)
    )
"""
REDEMPTIONS = f"""
    {COUNTED}
    SELECT counted.member_id, run_offer.position, count(DISTINCT line.basket_ref)
    FROM counted
    JOIN campaigns_runoffer run_offer ON run_offer.id = counted.run_offer_id
    JOIN offers_offer offer ON offer.id = run_offer.offer_id
    JOIN loyalty_purchase line ON line.member_id = counted.reference AND line.offer_ref = offer.ref
         AND line.purchased_at >= %(since)s AND line.purchased_at < %(until)s AND line.quantity > 0
    GROUP BY counted.member_id, run_offer.position ORDER BY counted.member_id
"""  # noqa: S608 - put together of constants alone
REACHED = """
    SELECT member_id, count(*) FROM (
        SELECT member_id FROM campaigns_delivery WHERE run_id = %(run)s AND state = 'sent'
        UNION ALL
        SELECT member_id FROM campaigns_ghost WHERE run_id = %(run)s AND state = 'would_send'
    ) told
    GROUP BY member_id ORDER BY member_id
"""
CONTACTS = """
    SELECT member_id, count(*) FROM campaigns_delivery WHERE run_id = %(run)s AND state = 'sent'
    GROUP BY member_id ORDER BY member_id
"""
REDEEMED_ROW = copying.row_type(member="i8", offer="i4", count="i8")
REDEEMED = """
    SELECT member_id, array_position(%(offers)s::text[], offer_ref) - 1, count(DISTINCT basket_ref)
    FROM loyalty_purchase
    WHERE offer_ref = ANY(%(offers)s) AND member_id IS NOT NULL AND quantity > 0
      AND (%(before)s::timestamptz IS NULL OR purchased_at < %(before)s)
    GROUP BY member_id, offer_ref
"""
OFFERS_SENT = """
    SELECT member_id, count(DISTINCT (run_id, run_offer_id)) FROM (
        SELECT member_id, run_id, run_offer_id FROM campaigns_delivery WHERE state = 'sent' AND at >= %(since)s
        UNION ALL
        SELECT member_id, run_id, run_offer_id FROM campaigns_ghost WHERE state = 'would_send' AND at >= %(since)s
    ) told
    GROUP BY member_id
"""


@dataclass(frozen=True)
class Totals:
    """Per member (n,): money spent and earned, lines of which some may lack a margin, baskets, and pieces kept."""

    spend: np.ndarray
    margin: np.ndarray
    lines: np.ndarray
    lines_without_margin: np.ndarray
    baskets: np.ndarray
    items: np.ndarray

    @property
    def margin_is_known(self) -> bool:
        return bool(self.lines_without_margin.sum() == 0)


@dataclass(frozen=True)
class Decided:
    """The members a run decided on (n,), ascending, their arms, and the position of the best offer, -1 for none."""

    member_ids: np.ndarray
    arm: np.ndarray
    run_offer: np.ndarray


class Places(NamedTuple):
    """Where members, or whoever stands for them, are among `size` ids asked about, and whether they are at all."""

    at: np.ndarray
    known: np.ndarray
    size: int


def decided(run: Run) -> Decided:
    """Who was decided on, in whatever arm, with the best of what each was given; `arm` holds the arms' names."""
    rows = run.decisions.filter(rank=0).order_by("member_id").values_list("member_id", "arm", "run_offer__position")
    members, arms, offers = zip(*rows, strict=True) if rows else ((), (), ())
    positions = np.array([-1 if position is None else position for position in offers], dtype=np.int16)
    return Decided(np.array(members, dtype=np.int64), np.array(arms, dtype=np.str_), positions)


def totals(member_ids: np.ndarray, *, since: dt.datetime, until: dt.datetime) -> Totals:
    """What these members (ascending) bought between two moments; zeros for those who bought nothing."""
    rows = copying.read(TOTALS, {"since": since, "until": until}, TOTAL)
    places = _places(rows["member"], member_ids)
    return Totals(
        spend=_spread(rows["net_e4"], places) / MONEY,
        margin=_spread(rows["margin_e4"], places) / MONEY,
        lines=_spread(rows["lines"], places),
        lines_without_margin=_spread(rows["without_margin"], places),
        baskets=_spread(rows["baskets"], places),
        items=_spread(rows["items_e4"], places) / MONEY,
    )


def redemptions(run: Run, member_ids: np.ndarray, *, worth: np.ndarray | None = None) -> np.ndarray:
    """How often each member (ascending) redeemed what this run gave them: baskets, for each of the offers.

    With `worth` (k,), by the run's offers in their order, what these redemptions are worth together.
    """
    window = {"run": run.pk, "since": run.outcomes_from, "until": run.outcomes_until}
    rows = copying.read(REDEMPTIONS, window, REDEMPTION)
    each = 1 if worth is None else worth[rows["position"]]
    return _spread(rows["count"] * each, _places(rows["member"], member_ids))


def contacts(run: Run, member_ids: np.ndarray) -> np.ndarray:
    """How many messages of the run each member (ascending) was sent."""
    rows = copying.read(CONTACTS, {"run": run.pk}, COUNT)
    return _spread(rows["count"], _places(rows["member"], member_ids))


def reached(run: Run, member_ids: np.ndarray) -> np.ndarray:
    """(n,): whether each member (ascending) was sent a message of the run, or, if held out, would have been."""
    rows = copying.read(REACHED, {"run": run.pk}, COUNT)
    return _spread(rows["count"], _places(rows["member"], member_ids)) > 0


def had_event(member_ids: np.ndarray, kind: str, *, since: dt.datetime, until: dt.datetime) -> np.ndarray:
    """Whether each member has an event of that kind between two moments."""
    events = Event.objects.filter(kind=kind, at__gte=since, at__lt=until)
    did = np.fromiter(events.values_list("member_id", flat=True), dtype=np.int64)
    return np.isin(member_ids, aliases.standing_for(did, aliases.survivors(), unless=member_ids))


def offers_sent(member_ids: np.ndarray, *, since: dt.datetime) -> np.ndarray:
    """How many offers each member (ascending) was sent by all runs since a moment, by whatever channels.

    What was withheld from the held out counts as if it had been sent, so that limits keep as much from every arm.
    """
    rows = copying.read(OFFERS_SENT, {"since": since}, COUNT)
    return _spread(rows["count"], _places(rows["member"], member_ids)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Redeemed:
    """Who redeemed what so far: (m,) members ascending, positions among `offer_refs`, and in how many baskets."""

    offer_refs: Sequence[str]
    member: np.ndarray
    offer: np.ndarray
    baskets: np.ndarray

    def counts(self, member_ids: np.ndarray, offer_refs: Sequence[str]) -> np.ndarray | None:
        """(n, k): how often each member (ascending) redeemed each offer; None where nobody did or it was not asked."""
        if not len(member_ids):
            return None
        some = slice(*np.searchsorted(self.member, [member_ids[0], member_ids[-1] + 1]))
        at = np.searchsorted(member_ids, self.member[some])
        known = np.flatnonzero(member_ids[at] == self.member[some])
        if not known.size:
            return None
        column = {ref: position for position, ref in enumerate(offer_refs)}
        columns = np.array([column.get(ref, -1) for ref in self.offer_refs])[self.offer[some][known]]
        counts = np.zeros((len(member_ids), len(offer_refs)), dtype=np.int32)
        np.add.at(counts, (at[known][columns >= 0], columns[columns >= 0]), self.baskets[some][known][columns >= 0])
        return counts


def redemptions_so_far(offer_refs: Sequence[str], *, before: dt.datetime | None = None) -> Redeemed:
    """Who redeemed these offers: ever, or before a moment; under the member who stands for whoever did."""
    rows = np.zeros(0, dtype=REDEEMED_ROW)
    if offer_refs:
        rows = copying.read(REDEEMED, {"offers": list(offer_refs), "before": before}, REDEEMED_ROW)
    member = aliases.standing_for(rows["member"].astype(np.int64), aliases.survivors())
    order = np.argsort(member, kind="stable")
    return Redeemed(offer_refs, member[order], rows["offer"][order].astype(np.int64), rows["count"][order])


def redeemed(member_ids: np.ndarray, offer_refs: Sequence[str], *, before: dt.datetime | None = None) -> np.ndarray:
    """(n, k): how often each of a few members (ascending) has redeemed each offer, in baskets."""
    counts = redemptions_so_far(offer_refs, before=before).counts(member_ids, offer_refs)
    return np.zeros((len(member_ids), len(offer_refs)), dtype=np.int32) if counts is None else counts


def _spread(values: np.ndarray, places: Places) -> np.ndarray:
    """One entry per member asked about: the sum of the values that are theirs."""
    return np.bincount(places.at[places.known], weights=values[places.known], minlength=places.size)


def _places(members: np.ndarray, member_ids: np.ndarray) -> Places:
    counted = aliases.standing_for(members, aliases.survivors(), unless=member_ids)
    at = np.searchsorted(member_ids, counted)
    known = at < len(member_ids)
    known[known] = member_ids[at[known]] == counted[known]
    return Places(at, known, len(member_ids))
