"""Building a campaign: made as a draft, changed step by step, fixed at launch."""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from campaigns.models import Campaign, CampaignOffer
from loyalty.models import Segment
from loyalty.refusal import Refused
from offers.models import Offer

# Without a random share, scorers learn nothing new of which offer works for whom.
SHARE_EXPLORED = Decimal("0.05")


class OfferLimit(NamedTuple):
    """At most this many members, this much expected cost of redemptions, and at least so many members; None for no
    such limit."""

    limit: int | None
    budget: Decimal | None
    least: int | None = None


def create(name: str, *, by: User | None, at: dt.datetime, ref: str = "", **facts: Any) -> Campaign:
    """Make a draft with a reference of its own and a fresh salt, which fixes who will be held out.

    Unless `facts` say otherwise, a share of the members will get an offer drawn at random.
    """
    ref = ref or _free_ref(name)
    if Campaign.objects.filter(ref=ref).exists():
        raise Refused(f"There is a campaign {ref} already: choose another reference.")
    salt = secrets.token_hex(16)
    facts = {"share_explored": SHARE_EXPLORED, **facts}
    return Campaign.objects.create(ref=ref, name=name, salt=salt, created_by=by, created_at=at, **facts)


def change(campaign: Campaign, *, read_apart: Iterable[Segment] | None = None, **facts: Any) -> Campaign:
    """Change a draft's plan; Refused once it is launched."""
    with transaction.atomic():
        campaign = _locked_draft(campaign)
        if read_apart is not None:
            campaign.read_apart.set(read_apart)
        for name, fact in facts.items():
            setattr(campaign, name, fact)
        campaign.save(update_fields=list(facts))
    return campaign


def choose_offers(campaign: Campaign, offers: Iterable[Offer]) -> None:
    """Make these the campaign's offers; those that stay keep their limits."""
    chosen = {offer.pk for offer in offers}
    with transaction.atomic():
        campaign = _locked_draft(campaign)
        campaign.offers.exclude(offer__in=chosen).delete()
        new = chosen - set(campaign.offers.values_list("offer", flat=True))
        CampaignOffer.objects.bulk_create(CampaignOffer(campaign=campaign, offer_id=offer) for offer in sorted(new))


def limit_offers(campaign: Campaign, limits: Mapping[int, OfferLimit]) -> None:
    """Set what each of the campaign's offers may use, by the offer's key."""
    with transaction.atomic():
        campaign = _locked_draft(campaign)
        for each in campaign.offers.filter(offer__in=limits):
            each.limit, each.budget, each.least = limits[each.offer_id]
            each.save(update_fields=["limit", "budget", "least"])


def limit(campaign: Campaign, offers: Mapping[int, OfferLimit], **facts: Any) -> Campaign:
    """Change what the campaign may use, over all offers and of each, together or not at all."""
    with transaction.atomic():
        campaign = change(campaign, **facts)
        limit_offers(campaign, offers)
    return campaign


def discard(campaign: Campaign) -> None:
    """Throw a draft away."""
    with transaction.atomic():
        _locked_draft(campaign).delete()


def _locked_draft(campaign: Campaign) -> Campaign:
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state != Campaign.State.DRAFT:
        raise Refused(f"{locked.name} is {locked.get_state_display().lower()}: its plan was fixed at launch.")
    return locked


def _free_ref(name: str) -> str:
    stem = slugify(name)[:40] or "campaign"
    taken = set(Campaign.objects.filter(ref__startswith=stem).values_list("ref", flat=True))
    return next(ref for ref in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if ref not in taken)
