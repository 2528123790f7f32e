"""The offers that a member can use now, as decided by campaigns that still run."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet

from campaigns.models import Decision, Run
from loyalty.models import Purchase

_DECISIONS = Decision.objects.select_related(
    "run__campaign", "run_offer__offer", "run_offer__approval__terms", "member"
)
ENDED = (Run.State.CANCELLED, Run.State.FAILED)


class LiveOffer(NamedTuple):
    """What was decided, and in how many baskets it was used since."""

    decision: Decision
    uses: int


def offers_of(members: Sequence[int], *, at: dt.datetime, on: dt.date) -> list[LiveOffer]:
    """The offers of these members, who are one person, that can be used at this moment of this day, newest first."""
    found = [decision for decision in _given(members, at) if _can_be_used(decision, on)]
    used = _baskets_by_offer(members, found)
    return [LiveOffer(decision, used[decision.run_offer.offer.ref]) for decision in found if decision.run_offer]


def newest_decision(members: Sequence[int]) -> Decision | None:
    """What was decided last about these members, who are one person; of several offers, the first."""
    return _DECISIONS.filter(member__in=members).order_by("-at", "-run", "rank").first()


def _given(members: Sequence[int], at: dt.datetime) -> QuerySet[Decision]:
    is_over = Q(run__state__in=ENDED) | Q(run__campaign__ends_at__lte=at)
    given = _DECISIONS.filter(member__in=members, run_offer__approval__isnull=False)
    return given.exclude(is_over).order_by("-at", "-pk")


def _can_be_used(decision: Decision, on: dt.date) -> bool:
    assert decision.run_offer, "only decisions that give something were asked for"
    terms = decision.run_offer.terms
    return (terms.valid_from or on) <= on <= (terms.valid_until or on)


def _baskets_by_offer(members: Sequence[int], decisions: Sequence[Decision]) -> Counter[str]:
    """Baskets with each offer's reference since the first of these decisions."""
    if not decisions:
        return Counter()
    since = min(decision.at for decision in decisions)
    refs = {decision.run_offer.offer.ref for decision in decisions if decision.run_offer}
    bought = Purchase.objects.filter(member__in=members, purchased_at__gte=since, offer_ref__in=refs, quantity__gt=0)
    return Counter(ref for ref, _ in bought.values_list("offer_ref", "basket_ref").distinct())
