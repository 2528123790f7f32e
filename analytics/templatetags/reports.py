"""What stands in a report, in words."""

from collections.abc import Iterable

from django import template

from analytics import telling
from analytics.body import Arm, Body, Check, Estimate, Judged, State
from analytics.judging.enough import is_told
from analytics.telling import naming
from campaigns.models.decision import TREATED

register = template.Library()

STATES: dict[State, str] = {
    "fine": "nothing wrong",
    "look": "to be looked at",
    "stop": "something is wrong",
    "unknown": "cannot be checked",
}
ARMS = {
    "treated": "Treated: given the offers chosen for each.",
    "held_out": "Held out: chance picked them to get nothing, for comparison.",
    "generic": "Generic: all given the best single offer.",
    "universal": "Universal holdout: get no campaign at all this year, so that the whole programme can be measured.",
}
OF_ANOTHER_TOOL = {
    "treated": "Treated: given what the other tool chose for each.",
    "held_out": "Held out: given nothing by it, for comparison.",
}
SMALLEST = 0.0001
CHANCE = 0.05


@register.filter
def check_state(state: State) -> str:
    return STATES[state]


@register.filter
def check_name(check: Check) -> str:
    return naming.name(check)


@register.filter
def treated_first(arms: Iterable[Arm]) -> list[Arm]:
    """As whoever reads how a campaign went asks for them."""
    return sorted(arms, key=lambda arm: arm.arm != TREATED)


@register.filter
def arm_told(arm: str, imported: bool) -> str:
    """Who the members of an arm are; empty of an arm that only another tool knows."""
    return (OF_ANOTHER_TOOL if imported else ARMS).get(arm, "")


@register.filter
def is_it_chance(judged: Judged) -> str:
    """The answer to that question: among many metrics by q, alone by its interval."""
    each = judged.headline.each
    if each is None:
        return ""
    may_be = judged.q >= CHANCE if judged.q is not None else each.low <= 0 <= each.high
    if may_be:
        return "may be"
    if judged.few and not is_told(each, judged.few):
        return "too few members to say"
    return "no, it rose" if each.value > 0 else "no, it fell"


@register.filter
def now(judged: Judged, body: Body) -> Estimate | None:
    """What may be read of a metric now."""
    return telling.in_force(body, judged)


@register.filter
def in_per_cent(judged: Judged) -> Estimate | None:
    return telling.in_per_cent(judged)


@register.filter
def p_value(p: float) -> str:
    """0.0312 → 0.031; what is smaller than can be trusted to the digit is only said to be small."""
    return f"< {SMALLEST}" if p < SMALLEST else f"{p:.3f}" if p >= 0.001 else f"{p:.4f}"
