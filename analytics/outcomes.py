"""A campaign's members with one number each: the metric over the outcome window, or why there is none."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from analytics.measurement.lift import NotMeasured
from analytics.measurement.margin import net_margin
from campaigns import responses
from campaigns.models import Campaign, Run
from campaigns.models.decision import HELD_OUT
from loyalty.models import Member

EVENT = "event:"
SHARES = (Campaign.Metric.PURCHASERS,)
NOT_DECIDED_ON = "not in the campaign"

Values = np.ndarray | NotMeasured


@dataclass(frozen=True)
class Audience:
    """n members by id, ascending, with their arms."""

    member_ids: np.ndarray
    arm: np.ndarray


def is_share(metric: str) -> bool:
    """Whether the metric is a yes or no per member."""
    return metric in SHARES or metric.startswith(EVENT)


def audience(run: Run, *, with_the_rest: bool = False) -> Audience:
    """Everyone the run decided on; with the rest, also every other member, in an arm of their own."""
    decided = responses.decided(run)
    if not with_the_rest:
        return Audience(decided.member_ids, decided.arm)
    everyone = np.fromiter(Member.objects.order_by("pk").values_list("pk", flat=True), dtype=np.int64)
    at = np.searchsorted(everyone, decided.member_ids)
    arm = np.full(len(everyone), NOT_DECIDED_ON, dtype=np.result_type(decided.arm, np.array([NOT_DECIDED_ON])))
    arm[at] = decided.arm
    return Audience(everyone, arm)


def values(metric: str, run: Run, members: Audience, *, since: dt.datetime, until: dt.datetime) -> Values:
    """The metric per member (n,) between two moments; money in currency units, shares as 0 and 1."""
    if metric.startswith(EVENT):
        kind = metric.removeprefix(EVENT)
        return responses.had_event(members.member_ids, kind, since=since, until=until).astype(np.float64)
    totals = responses.totals(members.member_ids, since=since, until=until)
    match metric:
        case Campaign.Metric.SPEND:
            return totals.spend
        case Campaign.Metric.BASKETS:
            return totals.baskets
        case Campaign.Metric.PURCHASERS:
            return (totals.baskets > 0).astype(np.float64)
        case _:
            return _margin(totals, run, members)


def _margin(totals: responses.Totals, run: Run, members: Audience) -> Values:
    missing = int(totals.lines_without_margin.sum())
    if missing:
        return NotMeasured(
            f"{missing:,} of {int(totals.lines.sum()):,} purchase lines have no margin_amount: load them with it, "
            "or judge by spend."
        )
    return net_margin(
        totals.margin,
        rewards=responses.redemptions(run, members.member_ids, worth=_reward_costs(run)),
        messages=_messages(run, members),
        contact_cost=float(run.campaign.contact_cost),
    )


def _reward_costs(run: Run) -> np.ndarray:
    """What one redemption of each of the run's offers costs, by position."""
    return np.array([float(each.terms.reward_cost) for each in run.offers.order_by("position")])


def _messages(run: Run, members: Audience) -> np.ndarray:
    """Messages sent; of another tool's campaign we know only who was given something, and count one for each."""
    if run.campaign.imported:
        given = (members.arm != HELD_OUT) & (members.arm != NOT_DECIDED_ON)
        return np.asarray(given, dtype=np.int64)
    return responses.contacts(run, members.member_ids).astype(np.int64)
