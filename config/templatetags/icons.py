"""Icons as they stand in the page: each drawn once, since drawing takes longer than all else about a button."""

from functools import lru_cache
from typing import Any

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()

MOST = 500


@register.simple_tag
def icon(name: str, classes: str) -> str:
    """The icon of that name as decoration, which nobody reads aloud."""
    return _drawn(str(name), str(classes))


@lru_cache(maxsize=MOST)
def _drawn(name: str, classes: str) -> str:
    attributes: dict[str, Any] = {"class": f"icon {classes}", "aria_hidden": "true"}
    return lucide(name, **attributes)
