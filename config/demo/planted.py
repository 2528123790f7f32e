"""The planted truth of a run: what its lift would be if every member's response were known beforehand."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from campaigns.models import Run, RunOffer
from campaigns.models.decision import GENERIC
from config.demo import bridge, state
from config.demo.bridge import Message
from config.demo.retailer.chance import Floats
from config.demo.retailer.truth import truth
from config.demo.state import State


class Effect(NamedTuple):
    """Expected change in currency units; margin is net of rewards and contact cost."""

    spend: float
    margin: float


def truth_of(run: Run, metric: str) -> float | None:
    """The planted effect per treated member on spend or margin; None where it is not known."""
    effect = effect_of(run) if metric in Effect._fields else None
    return None if effect is None else float(getattr(effect, metric))


def effect_of(run: Run) -> Effect | None:
    """The mean planted effect per treated member of what was really delivered to them; None while a run is not over.
    Who is given the one offer that is best for all is not among them.

    Exact while no member gets messages of two campaigns within two weeks; otherwise each message counts as if it were
    the only one.
    """
    known = state.read()
    treated = run.decisions.filter(held_out=False, rank=0).exclude(arm=GENERIC).count()
    if known is None or not known.members or run.is_working or not treated:
        return None
    total = _total(known, run)
    return Effect(total.spend / treated, total.margin / treated)


def _total(known: State, run: Run) -> Effect:
    run_offers = list(run.offers.select_related("offer", "approval__terms__offer", "approval__terms__product"))
    world = bridge.world(known, run_offers)
    messages = messages_to_treated(run)
    sent = bridge.contacts(world, messages).once()
    window = (run.outcomes_until - run.outcomes_from).days
    change = truth(world, sent.member, sent.offer, sent=sent.day, days=window)
    rewards = change.redemptions * _reward_costs(run_offers, len(world.offers))[sent.offer]
    contact_cost = float(run.campaign.contact_cost) * len(messages)
    return Effect(float(change.spend.sum()), float((change.margin - rewards).sum()) - contact_cost)


def messages_to_treated(run: Run) -> list[Message]:
    """What was sent to members for whom the run chose."""
    generic = set(run.decisions.filter(arm=GENERIC).values_list("member__ref", flat=True))
    return [each for each in bridge.messages_of(run) if each.member_ref not in generic]


def _reward_costs(run_offers: Sequence[RunOffer], places: int) -> Floats:
    costs = np.zeros(places)
    for each in run_offers:
        costs[bridge.place(each.offer.ref, each.offer_id)] = float(each.terms.reward_cost)
    return costs
