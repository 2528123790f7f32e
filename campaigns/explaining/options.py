"""What each offer of a run was worth for one member, and what its limits charged, worked out again from the record."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns import planning, run, scorers
from campaigns.models import Decision, Run, RunOffer
from campaigns.planning import Inputs, objective, openness
from campaigns.scoring import parts
from campaigns.scoring.parts import Parts
from loyalty import consent, profiles
from loyalty.models.consent import Channel
from loyalty.profiling.table import Profiles
from loyalty.stated import told
from offers import catalog, in_words
from offers.rules import eligibility
from offers.rules.terms import TermsTable


@dataclass(frozen=True)
class Charge:
    """What a limit charged for giving the offer to this member, in money; `limit` is its name."""

    limit: str
    amount: float


@dataclass(frozen=True)
class Option:
    """One offer as it stood for the member.

    Its worth in money and what that is made of, expected margin less reward, contact and caution; what its limits
    charged; and the `rank` in which it was chosen, to be given or withheld, None where it was not. `told` says what the
    member told us that counted, and is empty where nothing did.
    """

    offer_ref: str
    name: str
    department: str | None
    is_open: bool
    reason: str
    margin: float
    reward: float
    contact: float
    caution: float
    value: float
    charges: tuple[Charge, ...]
    rank: int | None
    is_withheld: bool
    told: str

    @property
    def price(self) -> float:
        """What all its limits charged together."""
        return sum(charge.amount for charge in self.charges)

    @property
    def net(self) -> float:
        return self.value - self.price

    @property
    def is_given(self) -> bool:
        return self.rank is not None and not self.is_withheld


def options(decision: Decision, chosen: dict[int, int]) -> tuple[Option, ...]:
    """Every offer of the decision's run: what was chosen first, then the others that were open, the best of each first.

    `chosen` is the rank of each run offer's key that the member was given, or that was withheld from them.
    """
    known = run.inputs(decision.run)
    everyone = profiles.opened(known.snapshot, on=known.on)
    terms = catalog.terms_table(known.terms, everyone)
    position = everyone.position(decision.member_id)
    asked = everyone.take(np.array([] if position is None else [position], dtype=np.int64))
    # As it was then: what they agreed to, told us or redeemed since does not count.
    said = told.of(asked.member_ids, at=decision.run.outcomes_from)
    member, reached = said.beside(asked), _reached(decision, known)
    carried_by = _carried_by(reached, terms, known)
    open_to = planning.eligible(member, terms, known, channels=reached, before=decision.run.outcomes_from)
    made_of, use = _parts(member, terms, known), planning.worth(member, terms, known).use
    counts = _counts(everyone, known, position)
    run_offers = decision.run.offers.select_related("run__campaign").order_by("position")
    found = [
        Option(
            offer_ref=terms.offer_refs[each.position],
            name=terms.names[each.position],
            department=terms.departments[each.position],
            is_open=bool(open_to.allowed[0, each.position]),
            reason=eligibility.explain(open_to, 0, each.position),
            **_money(made_of, each.position),
            charges=tuple(_charges(each, float(use[0, each.position]), carried_by[each.position], counts)),
            rank=chosen.get(each.pk),
            is_withheld=decision.held_out and each.pk in chosen,
            told=said.counted(decision.member_id, terms.departments[each.position], terms.contains[each.position]),
        )
        for each in run_offers
    ]
    return tuple(sorted(found, key=_place))


def _parts(member: Profiles, terms: TermsTable, known: Inputs) -> Parts:
    contact_cost = float(known.campaign.contact_cost)
    scores = scorers.opened(known.scorer).scores(member, terms, contact_cost=contact_cost)
    return parts.taken_apart(scores, terms, contact_cost=contact_cost)


def _money(made_of: Parts, offer: int) -> dict[str, float]:
    named = {name: float(getattr(made_of, name)[0, offer]) for name in ("margin", "reward", "caution", "value")}
    return {**named, "contact": made_of.contact}


def _place(option: Option) -> tuple[bool, int, bool, float]:
    return option.rank is None, option.rank or 0, not option.is_open, -option.net


def _reached(decision: Decision, known: Inputs) -> NDArray[np.bool_]:
    """(1, c): by which of the campaign's channels the member was reached; whoever is decided on is, by one at least."""
    found = [
        decision.member_id in consent.contactable(channel, members=[decision.member_id], at=decision.run.outcomes_from)
        for channel in known.campaign.channels
    ]
    return np.array([found if any(found) else [True] * len(found)], dtype=np.bool_)


def _carried_by(reached: NDArray[np.bool_], terms: TermsTable, known: Inputs) -> list[str]:
    """(k,): the channel that would take each offer to the member; empty where none does."""
    bits = int(reached[0] @ (1 << np.arange(reached.shape[1])))
    channels = [*known.campaign.channels, ""]  # none is -1, which is the last
    return [channels[position] for position in openness.carried(known, terms)[bits]]


def _counts(everyone: Profiles, known: Inputs, position: int | None) -> float:
    """How often a worth counts at the member by the campaign's objective."""
    found = objective.weights(everyone, known.campaign, rows=np.array([] if position is None else [position], np.int32))
    return 1.0 if found is None or not len(found) else float(found[0])


def _charges(offer: RunOffer, use: float, channel: str, counts: float) -> Iterator[Charge]:
    """What each limit charges for giving this offer to a member who uses so much of the budgets; none of nothing.

    Whose worth counts more often pays a smaller part of each price.
    """
    told = [*_of_the_offer(offer, use), *_of_the_run(offer.run, use), *_of_the_channel(offer.run, channel)]
    return (Charge(charge.limit, charge.amount / counts) for charge in told if charge.amount)


def _of_the_offer(offer: RunOffer, use: float) -> Iterator[Charge]:
    counted = f"its minimum of {offer.least or 0:,}" if offer.price < 0 else f"its limit of {offer.limit or 0:,}"
    yield Charge(f"{counted} members", offer.price)
    if offer.budget is not None:
        yield Charge(f"its budget of {in_words.money(offer.budget)}", offer.budget_price * use)


def _of_the_run(of: Run, use: float) -> Iterator[Charge]:
    yield Charge("the limit of offers in all", of.contact_price)
    yield Charge("the total budget", of.budget_price * use)


def _of_the_channel(of: Run, channel: str) -> Iterator[Charge]:
    for each in of.outlook.get("channels", ()):
        if each["channel"] == channel:
            yield Charge(f"what {Channel(channel).label.lower()} can carry", each["price"])
