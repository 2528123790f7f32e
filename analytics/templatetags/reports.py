"""What stands in a report, in words."""

from django import template

from analytics.body import State

register = template.Library()

STATES: dict[State, str] = {
    "fine": "nothing wrong",
    "look": "to be looked at",
    "stop": "something is wrong",
    "unknown": "cannot be checked",
}
SMALLEST = 0.0001


@register.filter
def check_state(state: State) -> str:
    return STATES[state]


@register.filter
def p_value(p: float) -> str:
    """0.0312 → = 0.031; what is smaller than can be trusted to the digit is only said to be small."""
    return f"< {SMALLEST}" if p < SMALLEST else f"= {p:.3f}" if p >= 0.001 else f"= {p:.4f}"
