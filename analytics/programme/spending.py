"""What the programme cost: messages and rewards as campaigns charge them, and what was entered by month."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import connection

from analytics.body import Cost
from analytics.models import ProgrammeCost
from campaigns.models import RunOffer
from loyalty import clock

MESSAGES, REWARDS = "Messages", "Rewards redeemed"
SENT = """
    SELECT coalesce(sum(sent.messages * campaign.contact_cost), 0)
    FROM (
        SELECT run_id, count(*) messages FROM campaigns_delivery
        WHERE state = 'sent' AND at >= %(since)s AND at < %(until)s GROUP BY run_id
    ) sent
    JOIN campaigns_run run ON run.id = sent.run_id JOIN campaigns_campaign campaign ON campaign.id = run.campaign_id
"""
REDEEMED = """
    SELECT run_offer.id, count(DISTINCT line.basket_ref)
    FROM loyalty_purchase line
    JOIN offers_offer offer ON offer.ref = line.offer_ref
    JOIN campaigns_runoffer run_offer ON run_offer.offer_id = offer.id
    JOIN campaigns_run run ON run.id = run_offer.run_id
         AND line.purchased_at >= run.outcomes_from AND line.purchased_at < run.outcomes_until
    LEFT JOIN loyalty_alias alias ON alias.member_id = line.member_id
    JOIN campaigns_decision decision ON decision.run_id = run.id AND decision.run_offer_id = run_offer.id
         AND decision.member_id IN (line.member_id, alias.survivor_id)
    WHERE line.offer_ref <> '' AND line.quantity > 0
      AND line.purchased_at >= %(since)s AND line.purchased_at < %(until)s
    GROUP BY run_offer.id
"""


def of_campaigns(since: dt.datetime, until: dt.datetime) -> tuple[Cost, ...]:
    """Messages sent and rewards redeemed between two moments, of every run."""
    return (Cost(MESSAGES, _messages(since, until)), Cost(REWARDS, _rewards(since, until)))


def entered(costs: Iterable[ProgrammeCost], *, since: dt.datetime, until: dt.datetime) -> float:
    """What was entered, of each month so much as lies between two moments."""
    return sum(float(cost.amount) * _share(cost.month, since, until) for cost in costs)


def _share(month: dt.date, since: dt.datetime, until: dt.datetime) -> float:
    begins = clock.start_of(month)
    ends = clock.start_of((month + dt.timedelta(days=31)).replace(day=1))
    return max(0.0, (min(ends, until) - max(begins, since)) / (ends - begins))


def _messages(since: dt.datetime, until: dt.datetime) -> float:
    with connection.cursor() as cursor:
        cursor.execute(SENT, {"since": since, "until": until})
        return float(cursor.fetchone()[0])


def _rewards(since: dt.datetime, until: dt.datetime) -> float:
    with connection.cursor() as cursor:
        cursor.execute(REDEEMED, {"since": since, "until": until})
        baskets = dict(cursor.fetchall())
    return sum(_worth(RunOffer.objects.filter(pk__in=baskets), baskets))


def _worth(offers: Iterable[RunOffer], baskets: dict[int, int]) -> Iterator[float]:
    for offer in offers:
        yield baskets[offer.pk] * float(offer.terms.reward_cost)
