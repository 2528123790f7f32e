"""Why this offer: a decision worked out again from what its run recorded, for one member, in words."""

from dataclasses import dataclass

import numpy as np

from campaigns import planning, run
from campaigns.models import Decision, RunOffer
from loyalty import profiles
from loyalty.refusal import Refused
from loyalty.stated import told
from offers import catalog
from offers.rules import eligibility


@dataclass(frozen=True)
class Option:
    """One offer as it stood for the member: its value in money, the price of its limits, and what is left."""

    offer_ref: str
    name: str
    is_open: bool
    reason: str
    value: float | None
    affinity: float | None
    price: float
    is_given: bool

    @property
    def net(self) -> float | None:
        return None if self.value is None else self.value - self.price


@dataclass(frozen=True)
class Why:
    sentence: str
    options: tuple[Option, ...]


HELD_OUT = (
    "Held out to measure lift: the campaign's salt and the member's reference fall into the {share:.0%} that get "
    "nothing. It was fixed before anything was sent."
)
NOTHING = "Nothing: no offer that was open to this member was worth more than its cost and the price of its limits."
GIVEN = "{name}: of {open} offers open to this member it was expected to earn most after the price of its limits."
IMPORTED = "Another tool decided this; its reasons are not known here."


def why(decision: Decision) -> Why:
    """The sentence that answers, and every offer of the run as it stood for this member."""
    if decision.run.campaign.imported:
        return Why(IMPORTED, ())
    try:
        options = _options(decision)
    except Refused as lost:
        return Why(f"This cannot be worked out again. {lost}", ())
    return Why(_sentence(decision, options), options)


def _sentence(decision: Decision, options: tuple[Option, ...]) -> str:
    if decision.held_out:
        return HELD_OUT.format(share=decision.run.share_held_out)
    given = next((option for option in options if option.is_given), None)
    if given is None:
        return NOTHING
    return GIVEN.format(name=given.name, open=sum(option.is_open for option in options))


def _options(decision: Decision) -> tuple[Option, ...]:
    known = run.inputs(decision.run)
    everyone = profiles.opened(known.snapshot, on=known.on)
    terms = catalog.terms_table(known.terms, everyone)
    position = everyone.position(decision.member_id)
    asked = everyone.take(np.array([] if position is None else [position], dtype=np.int64))
    # As it was then: whoever is decided on was reached, and what they told us or redeemed since does not count.
    member = told.beside(asked, at=decision.run.outcomes_from)
    reached = np.ones((1, len(known.campaign.channels)), dtype=np.bool_)
    open_to = planning.eligible(member, terms, known, channels=reached, before=decision.run.outcomes_from)
    scores = planning.worth(member, terms, known)
    run_offers = decision.run.offers.select_related("run").order_by("position")
    found = [
        Option(
            offer_ref=terms.offer_refs[each.position],
            name=terms.names[each.position],
            is_open=bool(open_to.allowed[0, each.position]),
            reason=eligibility.explain(open_to, 0, each.position),
            value=float(scores.value[0, each.position]),
            affinity=float(scores.affinity[0, each.position]),
            price=_price(each, float(scores.use[0, each.position])),
            is_given=each.pk == decision.run_offer_id,
        )
        for each in run_offers
    ]
    return tuple(sorted(found, key=_rank))


def _rank(option: Option) -> tuple[bool, bool, float]:
    """The given one first, then the others that were open, the best of each first."""
    return not option.is_given, not option.is_open, np.inf if option.net is None else -option.net


def _price(run_offer: RunOffer, use: float) -> float:
    """What the limits charge for giving this offer to a member who uses so much of the budgets."""
    of_the_run = run_offer.run.contact_price + run_offer.run.budget_price * use
    return run_offer.price + run_offer.budget_price * use + of_the_run
