"""A campaign's plan in words, one fact at a time: as the review shows it, and as a dry run keeps it."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from campaigns import pacing
from campaigns.models import Campaign
from campaigns.models.decision import HELD_OUT, UNIVERSAL
from loyalty.models.consent import Channel
from offers import in_words


class Fact(NamedTuple):
    label: str
    said: str


class OfferFact(NamedTuple):
    """An offer of the plan, and what it may and must use in words; empty without a limit."""

    name: str
    ref: str
    said: str


def facts(campaign: Campaign) -> list[Fact]:
    """Whom it is for, what chance decides, and every limit but the offers' own. The brief moves no number."""
    return [
        *_reach(campaign),
        *_objective(campaign),
        *_chance(campaign),
        *_limits(campaign),
        *_carried(campaign),
        *pace(campaign),
    ]


def offers(campaign: Campaign) -> list[OfferFact]:
    """Every offer of the campaign with its own limits."""
    named: Iterable[Any] = campaign.offers.named()  # the names are the query's
    return [OfferFact(each.name, each.offer.ref, _limits_of(each.least, each.limit, each.budget)) for each in named]


def _limits_of(least: int | None, most: int | None, budget: Decimal | None) -> str:
    """“at least 50 and at most 400 members, budget €200”."""
    counts = [f"at least {least:,}" if least else "", f"at most {most:,}" if most is not None else ""]
    counted = " and ".join(filter(None, counts))
    members = f"{counted} member{'' if (least if most is None else most) == 1 else 's'}" if counted else ""
    money = f"budget {in_words.money(budget)}" if budget is not None else ""
    return ", ".join(filter(None, [members, money]))


def _per_cent(share: float) -> str:
    return f"{share * 100:.4g}\N{NO-BREAK SPACE}%"


def _reach(campaign: Campaign) -> Iterator[Fact]:
    yield Fact("Segment", str(campaign.segment or "none yet"))
    yield Fact("Channels", " and ".join(Channel(each).label for each in campaign.channels) or "none yet")


def _objective(campaign: Campaign) -> Iterator[Fact]:
    if campaign.objective == Campaign.Objective.RETENTION:
        most = f"{1 + campaign.retention_weight:.4g}"
        yield Fact("Offers go by", f"margin, which counts up to {most} times with members who may stay away")


def _chance(campaign: Campaign) -> Iterator[Fact]:
    yield Fact("Held out", f"{_per_cent(float(campaign.share_held_out))} of the eligible members")
    explored = _per_cent(float(campaign.share_explored))
    yield Fact("Drawn at random", f"{explored} of the others" if campaign.share_explored else "nobody's offer")
    if apart := ", ".join(each.name for each in campaign.read_apart.order_by("name")):
        yield Fact("Told of by themselves", apart)


def _limits(campaign: Campaign) -> Iterator[Fact]:
    total, most, contacts = campaign.total_budget, campaign.contact_limit, campaign.contacts_per_member
    yield Fact("Total budget", "no limit" if total is None else in_words.money(total))
    yield Fact("Offers in all", "no limit" if most is None else f"at most {most:,}")
    yield Fact("Cost of a message", in_words.money(campaign.contact_cost))
    each = f"at most {campaign.offers_each}, of different departments" if campaign.offers_each > 1 else "at most 1"
    yield Fact("Offers for one member", each)
    within = f"at most {contacts} in {campaign.contact_days} day{'' if campaign.contact_days == 1 else 's'}"
    yield Fact("Offers from all campaigns", "no limit" if contacts is None else within)


def pace(campaign: Campaign) -> list[Fact]:
    """When its channels are quiet, and how many messages they take a minute."""
    return [Fact(label, said) for label, said in pacing.in_words(campaign.channels)]


def time_for(campaign: Campaign, told: Mapping[str, Any]) -> str:
    """How long the messages of a dry run take at the pace that is set; empty where nothing slows them.

    What is withheld takes as long as what is given, so it counts by the share of members who are held out.
    """
    out = sum(told["arms"].get(arm, 0) for arm in (HELD_OUT, UNIVERSAL))
    messages = round(told.get("given", 0) * told["eligible"] / max(told["eligible"] - out, 1))
    minutes = pacing.minutes_for(messages, campaign.channels)
    if not minutes:
        return ""
    hours = round(minutes / 60)
    took = f"{hours:,} hours" if hours > 1 else f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"{messages:,} messages by the slowest channel, the withheld ones counted, take about {took}."


def _carried(campaign: Campaign) -> Iterator[Fact]:
    for channel in campaign.channels:
        if channel in campaign.capacities:
            yield Fact(f"{Channel(channel).label} can carry", f"{campaign.capacities[channel]:,} messages")
