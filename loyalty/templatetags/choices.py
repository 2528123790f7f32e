"""What a condition on purchases or events is chosen from, as the options of a list."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from loyalty.segmentation.choices import Choice

register = template.Library()

SELECTED = mark_safe(" selected")


@register.simple_tag
def choice_options(choices: Iterable[Choice], chosen: str = "") -> SafeString:
    """The choices; one that was chosen and is gone stays among them, so that nothing changes by itself."""
    known = dict(choices)
    shown = known if chosen in known else {chosen: chosen or "Choose one…", **known}
    rows = ((value, SELECTED if value == chosen else "", label) for value, label in shown.items())
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
