"""Of what the effect is made: what was offered, what it took from its neighbours and drew along, what it cost."""

from analytics.body import Estimate, Part
from analytics.gathering.parts import OTHER, SAME_DEPARTMENT, TARGET
from analytics.judging.study import Study
from analytics.judging.words import money
from analytics.measurement import margin, moments
from analytics.measurement.lift import Lift
from analytics.measurement.margin import Subsidy

LABELS = {
    "target": "What was offered",
    "cannibalised": "The rest of its department",
    "halo": "Other departments",
    "rewards": "Rewards redeemed",
    "contacts": "Messages",
}
SUBSIDY = (
    "Of {discount} in discounts and rewards, about {subsidised} went to purchases that would have been made anyway: "
    "{redemptions:,} redemptions brought {extra:,} more purchases of what was offered."
)


def parts(study: Study) -> tuple[Part, ...]:
    """They add up to the plain effect on margin per member; nothing where that is not known."""
    if not study.tells_margin or not study.of.is_ours:
        return ()
    (arm,), gathered = study.compared, study.of
    of_part = {
        "target": gathered.parts.margin[TARGET],
        "cannibalised": gathered.parts.margin[SAME_DEPARTMENT],
        "halo": gathered.parts.margin[OTHER],
        "rewards": -gathered.spent.rewards(),
        "contacts": -gathered.spent.contacts,
    }
    ours, theirs = gathered.members.within(arm), gathered.members.within(study.reference)
    sums = {name: (moments.of(values[ours]), moments.of(values[theirs])) for name, values in of_part.items()}
    found = margin.decomposition(sums, level=study.level)
    return tuple(Part(part.name, LABELS[part.name], _estimate(part)) for part in found.parts)


def subsidised(study: Study) -> str:
    """In a sentence, what was given away to members who would have bought without it; empty where nothing was."""
    if not study.tells_margin or not study.of.is_ours:
        return ""
    (arm,), gathered = study.compared, study.of
    ours, theirs = gathered.members.within(arm), gathered.members.within(study.reference)
    redeemed = ours[gathered.spent.at]
    found = margin.subsidy(
        moments.of(gathered.parts.baskets[ours]),
        moments.of(gathered.parts.baskets[theirs]),
        redemptions=float(gathered.spent.baskets[redeemed].sum()),
        discount=float((gathered.spent.discount + gathered.spent.reward)[redeemed].sum()),
    )
    return _in_words(found) if found.redemptions else ""


def _in_words(found: Subsidy) -> str:
    return SUBSIDY.format(
        discount=money(found.discount),
        subsidised=money(found.subsidised),
        redemptions=round(found.redemptions),
        extra=round(found.redemptions * found.incremental_share),
    )


def _estimate(part: margin.Part) -> Estimate:
    """Without any spread, as where every message cost the same, the part is known to the cent."""
    if isinstance(part.lift, Lift):
        return Estimate(part.estimate, part.lift.low, part.lift.high, part.lift.p)
    return Estimate(part.estimate, part.estimate, part.estimate)
