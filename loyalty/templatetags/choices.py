"""What a condition on purchases or events is chosen from, as the options of a list."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from loyalty.segmentation.choices import Choice

register = template.Library()


@register.simple_tag
def choice_options(choices: Iterable[Choice], chosen: str = "") -> SafeString:
    """The choices; one that was chosen and is gone stays among them, so that nothing changes by itself."""
    known = dict(choices)
    shown = known if chosen in known else {chosen: chosen or "Choose one…", **known}
    return SafeString(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
            for value, label in shown.items()
        )
    )
