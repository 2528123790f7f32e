"""The campaigns that the demo's marketer plans."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User

from campaigns import building, holdouts, launching, rehearsal
from campaigns.building import OfferLimit
from campaigns.models import Campaign, Run
from config.demo.story import segments
from loyalty import clock
from loyalty.models import Segment
from loyalty.models.consent import Channel
from offers.models import Offer

Metric = Campaign.Metric
FEW = 100  # offers
UNIVERSAL = GENERIC = Decimal("0.05")


@dataclass(frozen=True)
class Brief:
    """A campaign as its marketer thinks of it; `limits` are members and money per offer, by its reference."""

    name: str
    segment: str
    offers: tuple[str, ...]
    channels: tuple[str, ...]
    hypothesis: str
    exit_criterion: str
    share_held_out: str
    primary_metric: str = Metric.MARGIN
    contact_cost: str = "0.02"
    outcome_days: int = 14
    total_budget: str | None = None
    limits: tuple[tuple[str, OfferLimit], ...] = ()


def _offers(*numbers: int) -> tuple[str, ...]:
    return tuple(f"OFFER-{number:02d}" for number in numbers)


EVERYBODY = Brief(
    name="Something for everybody",
    segment=segments.ACTIVE,
    offers=_offers(1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 18, 19, 20, 23, 25, 29, 33, 35, 36),
    channels=(Channel.EMAIL, Channel.APP),
    hypothesis="Members who get the one offer that fits them shop once more, and earn more than the offer costs.",
    exit_criterion="If the margin after costs is not above zero for the treated, we go back to the printed leaflet.",
    share_held_out="0.2",
    total_budget="6000",
    limits=(
        ("OFFER-14", OfferLimit(1500, None)),
        ("OFFER-33", OfferLimit(None, Decimal(800))),
        ("OFFER-35", OfferLimit(600, None)),
    ),
)
WELCOME_BACK = Brief(
    name="Come back for something good",
    segment=segments.QUIET,
    offers=_offers(3, 8, 15, 17, 20, 33, 36),
    channels=(Channel.EMAIL, Channel.APP),
    hypothesis="Members who stayed away for months come back for a small gift from a department they liked.",
    exit_criterion="If no more of them shop than of the held-out members, we stop writing to those who left.",
    share_held_out="0.2",
    primary_metric=Metric.PURCHASERS,
    outcome_days=28,
    total_budget="900",
    limits=(("OFFER-33", OfferLimit(300, None)),),
)
COFFEE = Brief(
    name="Coffee and tea, before the weekend",
    segment=segments.COFFEE,
    offers=_offers(8, 19, 35),
    channels=(Channel.EMAIL,),
    hypothesis="Coffee lovers come in once more for their coffee and fill the basket with the rest.",
    exit_criterion="If the interval of the margin lies below zero after two weeks, we stop giving coffee away.",
    share_held_out="0.15",
    total_budget="1500",
    limits=(("OFFER-35", OfferLimit(300, None)),),
)


def hold_out(*, by: User, at: dt.datetime) -> None:
    """The programme's holdouts, drawn before the house sends anything."""
    holdouts.draw(begins=clock.local_day(at), universal_share=UNIVERSAL, generic_share=GENERIC, by=by, at=at)


def draft(brief: Brief, *, by: User, at: dt.datetime) -> Campaign:
    """Build the campaign step by step, complete enough to be launched that day."""
    campaign = building.create(brief.name, by=by, at=at)
    today = clock.local_day(at)
    building.change(
        campaign,
        hypothesis=brief.hypothesis,
        primary_metric=brief.primary_metric,
        exit_criterion=brief.exit_criterion,
        segment=Segment.objects.get(name=brief.segment),
        channels=list(brief.channels),
        share_held_out=Decimal(brief.share_held_out),
        contact_cost=Decimal(brief.contact_cost),
        outcome_days=brief.outcome_days,
        total_budget=Decimal(brief.total_budget) if brief.total_budget else None,
        starts_at=clock.start_of(today),
        ends_at=clock.start_of(today + dt.timedelta(days=brief.outcome_days)),
    )
    building.choose_offers(campaign, Offer.objects.filter(ref__in=brief.offers))
    building.limit_offers(campaign, _by_key(brief.limits))
    campaign.refresh_from_db()
    return campaign


def rehearse(campaign: Campaign, *, by: User, at: dt.datetime) -> None:
    """Two dry runs, one of a smaller campaign, so that there is something to compare."""
    on = clock.local_day(at)
    for most in (FEW, None):
        rehearsal.rehearsed(building.change(campaign, contact_limit=most), by=by, at=at, on=on)


def launch(brief: Brief, *, by: User, at: dt.datetime) -> Run:
    """Build the campaign and launch it; its run has work to be done."""
    campaign = draft(brief, by=by, at=at)
    return launching.launch(campaign, by=by, at=at, on=clock.local_day(at))


def _by_key(limits: Iterable[tuple[str, OfferLimit]]) -> dict[int, OfferLimit]:
    by_ref = dict(limits)
    return {offer.pk: by_ref[offer.ref] for offer in Offer.objects.filter(ref__in=by_ref)}
