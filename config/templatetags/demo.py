"""What the demo's banner says."""

from django import template

from config.demo import state

register = template.Library()


@register.simple_tag
def simulated_members() -> int:
    """How many made-up members this house has; 0 where it holds data of one's own."""
    known = state.read()
    return known.members if known else 0
