"""What a condition on purchases or events is chosen from, as the options of a list."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from loyalty.segmentation.choices import Choice

register = template.Library()

escaped = lru_cache(maxsize=10_000)(escape)  # every condition of every page lists the same few hundred words


@register.simple_tag
def choice_options(choices: Iterable[Choice], chosen: str = "") -> SafeString:
    """The choices; one that was chosen and is gone stays among them, so that nothing changes by itself."""
    known = dict(choices)
    shown = known if chosen in known else {chosen: chosen or "Choose one…", **known}
    return SafeString(
        "".join(
            f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(label)}</option>'
            for value, label in shown.items()
        )
    )
