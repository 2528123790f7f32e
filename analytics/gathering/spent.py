"""What a campaign cost member by member: rewards redeemed, discounts at the till, messages."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.conf import settings

from analytics.gathering.members import NOT_DECIDED_ON, Members
from campaigns import responses
from campaigns.models import Run
from campaigns.models.decision import HELD_OUT, UNIVERSAL
from loyalty import copying

EPOCH = dt.date(1970, 1, 1)
ROW = copying.row_type(member="i8", position="i2", day="i4", count="i8", discount_e4="i8")
# What was redeemed of what this run gave, by member, offer and the retailer's day.
REDEEMED = f"""
    {responses.COUNTED}
    SELECT counted.member_id, run_offer.position, (line.purchased_at AT TIME ZONE %(zone)s)::date - DATE '1970-01-01',
           count(DISTINCT line.basket_ref), (coalesce(sum(line.discount_amount), 0) * 10000)::int8
    FROM counted
    JOIN campaigns_runoffer run_offer ON run_offer.id = counted.run_offer_id
    JOIN offers_offer offer ON offer.id = run_offer.offer_id
    JOIN loyalty_purchase line ON line.member_id = counted.reference AND line.offer_ref = offer.ref
         AND line.purchased_at >= %(since)s AND line.purchased_at < %(until)s AND line.quantity > 0
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608 - put together of constants alone


@dataclass(frozen=True, eq=False)
class Spent:
    """Per member (n,): messages sent; and (m,) rows of redemptions: whose, when, in how many baskets, worth what.

    `at` are positions among the members, `day` the retailer's days since 1970, `reward` and `discount` currency units.
    """

    messages: np.ndarray
    contact_cost: float
    at: np.ndarray
    day: np.ndarray
    baskets: np.ndarray
    reward: np.ndarray
    discount: np.ndarray

    @property
    def contacts(self) -> np.ndarray:
        """(n,) what the messages cost."""
        return np.asarray(self.messages * self.contact_cost)

    def discounts(self) -> np.ndarray:
        """(n,) the discounts at the till on what was redeemed."""
        return np.bincount(self.at, weights=self.discount, minlength=len(self.messages))

    def rewards(self, *, upto: dt.date | None = None) -> np.ndarray:
        """(n,) what redemptions cost beyond the discount at the till: all of them, or those up to a day."""
        chosen = slice(None) if upto is None else self.day <= (upto - EPOCH).days
        return np.bincount(self.at[chosen], weights=self.reward[chosen], minlength=len(self.messages))


def spent(run: Run, members: Members, *, since: dt.datetime, until: dt.datetime) -> Spent:
    """Of the outcome window so far."""
    asked = {"run": run.pk, "since": since, "until": until, "zone": settings.TIME_ZONE}
    rows = copying.read(REDEEMED, asked, ROW)
    baskets = rows["count"].astype(np.float64)
    return Spent(
        messages=_messages(run, members),
        contact_cost=float(run.campaign.contact_cost),
        at=np.searchsorted(members.ids, rows["member"]),
        day=rows["day"].astype(np.int32),
        baskets=baskets,
        reward=baskets * _reward_costs(run)[rows["position"]],
        discount=rows["discount_e4"] / responses.MONEY,
    )


def _reward_costs(run: Run) -> np.ndarray:
    """What one redemption of each of the run's offers costs, by position."""
    return np.array([float(each.terms.reward_cost) for each in run.offers.order_by("position")])


def _messages(run: Run, members: Members) -> np.ndarray:
    """Messages sent; of another tool's campaign we know only who was given something, and count one for each."""
    if not run.campaign.imported:
        return responses.contacts(run, members.ids)
    given = np.ones(len(members))
    for arm in (HELD_OUT, UNIVERSAL, NOT_DECIDED_ON):
        given[members.within(arm)] = 0
    return given
