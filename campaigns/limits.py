"""Which of a campaign's limits cannot hold together, each by its name, before anything is computed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import Campaign
from loyalty.models.consent import Channel
from offers.models import Terms


@dataclass(frozen=True)
class Promise:
    """How many members are to get one offer at the least, and may at the most; None for no such limit."""

    key: int
    name: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Limits:
    """What a campaign asks for; `capacities` are offers by channel, of every channel that has one."""

    offers_each: int = 1
    contacts: int | None = None
    contacts_per_member: int | None = None
    channels: Sequence[str] = ()
    capacities: Mapping[str, int] = field(default_factory=dict)
    offers: Sequence[Promise] = ()

    @property
    def promised(self) -> int:
        return sum(each.least or 0 for each in self.offers)


@dataclass(frozen=True)
class Conflict:
    """A sentence about two limits that cannot both hold, and the field where one of them is to be mended."""

    field: str
    sentence: str


def of(campaign: Campaign, terms: Sequence[Terms]) -> Limits:
    """What a saved campaign asks for; what an offer's own terms allow counts as well as the campaign's limit of it."""
    chosen = {each.offer_id: each for each in campaign.offers.all()}
    known = [(each, chosen[each.offer_id]) for each in terms if each.offer_id in chosen]
    offers = [Promise(each.offer_id, each.name, own.least, lower(own.limit, each.limit_total)) for each, own in known]
    return _asked(campaign, offers)


def stated(campaign: Campaign) -> Limits:
    """What a saved campaign asks for by itself, whatever the terms of its offers allow."""
    named: Iterable[Any] = campaign.offers.named()  # the names are the query's
    return _asked(campaign, [Promise(each.offer_id, each.name, each.least, each.limit) for each in named])


def _asked(campaign: Campaign, offers: Sequence[Promise]) -> Limits:
    return Limits(
        offers_each=campaign.offers_each,
        contacts=campaign.contact_limit,
        contacts_per_member=campaign.contacts_per_member,
        channels=campaign.channels,
        capacities=campaign.capacities,
        offers=offers,
    )


def lower(*limits: Any) -> Any:
    """The lowest of the limits that there are; None for none."""
    return min((limit for limit in limits if limit is not None), default=None)


def conflicts(limits: Limits) -> Iterator[Conflict]:
    """Every limit that another one rules out."""
    yield from _of_an_offer(limits)
    yield from _of_all_offers(limits)
    yield from _of_a_member(limits)


def _of_an_offer(limits: Limits) -> Iterator[Conflict]:
    for each in limits.offers:
        if each.least and each.most is not None and each.least > each.most:
            yield Conflict(
                f"least_{each.key}",
                f"{each.name}: the minimum of {each.least:,} members is above its limit of {each.most:,}. "
                "Lower the one or raise the other.",
            )


def _of_all_offers(limits: Limits) -> Iterator[Conflict]:
    if limits.contacts is not None and limits.promised > limits.contacts:
        yield Conflict(
            "contact_limit",
            f"The minimums of all offers come to {limits.promised:,} offers, above the limit of {limits.contacts:,} in "
            "all. Lower the minimums or raise the limit.",
        )
    carried = _carried(limits)
    if carried is not None and limits.promised > carried:
        yield Conflict(
            f"capacity_{limits.channels[0]}",
            f"The minimums of all offers come to {limits.promised:,} offers, and {_named(limits.channels)} can carry "
            f"{carried:,}. Lower the minimums or raise a capacity.",
        )


def _carried(limits: Limits) -> int | None:
    """What all channels carry together; None where one has no limit."""
    known = [limits.capacities.get(channel) for channel in limits.channels]
    return None if not known or None in known else sum(each for each in known if each is not None)


def _of_a_member(limits: Limits) -> Iterator[Conflict]:
    most = limits.contacts_per_member
    if most is not None and limits.offers_each > most:
        yield Conflict(
            "contacts_per_member",
            f"One member may get {limits.offers_each} offers from this campaign, but only {most} from all campaigns. "
            "Lower the one or raise the other.",
        )


def _named(channels: Sequence[str]) -> str:
    return " and ".join(Channel(channel).label.lower() for channel in channels)
