"""Of what the effect is made: what was offered, what it took from its neighbours and drew along, what it cost."""

from analytics.body import Estimate, Given, Part
from analytics.gathering.parts import OTHER, SAME_DEPARTMENT, TARGET
from analytics.judging.study import Study
from analytics.measurement import margin, moments
from analytics.measurement.lift import Lift, NotMeasured, welch
from analytics.measurement.margin import Subsidy

LABELS = {
    "target": "What was offered",
    "discounts": "Discounts at the till",
    "cannibalised": "The rest of its department",
    "halo": "Other departments",
    "rewards": "Rewards redeemed",
    "contacts": "Messages",
}


def parts(study: Study) -> tuple[Part, ...]:
    """They add up to the plain effect on margin per member; nothing where that is not known."""
    if not study.tells_margin or not study.of.is_ours:
        return ()
    (arm,), gathered = study.compared, study.of
    discounts = gathered.spent.discounts()
    of_part = {
        "target": gathered.parts.margin[TARGET] + discounts,
        "discounts": -discounts,
        "cannibalised": gathered.parts.margin[SAME_DEPARTMENT],
        "halo": gathered.parts.margin[OTHER],
        "rewards": -gathered.spent.rewards(),
        "contacts": -gathered.spent.contacts,
    }
    ours, theirs = gathered.members.within(arm), gathered.members.within(study.reference)
    sums = {name: (moments.of(values[ours]), moments.of(values[theirs])) for name, values in of_part.items()}
    found = margin.decomposition(sums, level=study.level)
    return tuple(Part(part.name, LABELS[part.name], _estimate(part)) for part in found.parts)


def given(study: Study) -> Given | None:
    """What was given away to members who would have bought without it; None where nothing was redeemed."""
    if not study.tells_margin or not study.of.is_ours:
        return None
    (arm,), gathered = study.compared, study.of
    ours, theirs = gathered.members.within(arm), gathered.members.within(study.reference)
    redeemed = ours[gathered.spent.at]
    baskets = moments.of(gathered.parts.baskets[ours]), moments.of(gathered.parts.baskets[theirs])
    found = margin.subsidy(
        *baskets,
        redemptions=float(gathered.spent.baskets[redeemed].sum()),
        discount=float((gathered.spent.discount + gathered.spent.reward)[redeemed].sum()),
    )
    return _given(found, welch(*baskets, level=study.level), baskets[0].n) if found.redemptions else None


def _given(found: Subsidy, lift: Lift | NotMeasured, members: float) -> Given:
    """Where more purchases may have come of it, less may have been given away."""

    def anyway(each: float) -> float:
        return found.discount * (1 - min(1.0, max(0.0, members * each / found.redemptions)))

    low, high = (anyway(lift.high), anyway(lift.low)) if isinstance(lift, Lift) else (found.subsidised,) * 2
    return Given(
        amount=found.discount,
        anyway=Estimate(found.subsidised, low, high),
        redemptions=round(found.redemptions),
        extra=round(found.redemptions * found.incremental_share),
    )


def _estimate(part: margin.Part) -> Estimate:
    """Without any spread, as where every message cost the same, the part is known to the cent."""
    if isinstance(part.lift, Lift):
        return Estimate(part.estimate, part.lift.low, part.lift.high, part.lift.p)
    return Estimate(part.estimate, part.estimate, part.estimate)
