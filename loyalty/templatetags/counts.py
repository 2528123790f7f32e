"""Counts of members and the bars beside them: dozens in each answer of the builder, so each is quickly written."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()

LENGTH = 1000  # of the longest bar, in the units of its drawing


@register.filter
def grouped(count: int) -> str:
    """1234 → 1,234."""
    return f"{count:,}"


@register.filter
def members(count: int) -> str:
    """1234 → 1,234 members."""
    return f"{count:,} member{'' if count == 1 else 's'}"


@register.simple_tag
def bars(rows: Iterable[tuple[str, int]], of: int) -> SafeString:
    """The rows of a list of bars: each a word with its count, and a bar as long as its share in `of`."""
    return SafeString(
        "".join(
            f'<div><dt>{escape(word)}</dt><dd class="bar">{bar(count, of)}</dd><dd class="number">{count:,}</dd></div>'
            for word, count in rows
        )
    )


@register.simple_tag
def bar(count: float, of: float) -> SafeString:
    """A bar as long as the share of `count` in `of`: decoration, since the number stands beside it."""
    width = round(LENGTH * count / of) if of else 0
    return SafeString(
        f'<svg viewBox="0 0 {LENGTH} 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{width}" height="8" /></svg>'
    )
