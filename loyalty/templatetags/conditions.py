"""The features a condition can be about, and the words it can name, as the page lists them: thousands at a time."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from loyalty.profiling.table import Feature
from loyalty.segmentation import sketch
from loyalty.segmentation.counting import Node

register = template.Library()

# Every condition of every page lists the same few hundred labels and words.
_escaped = lru_cache(maxsize=10_000)(escape)


@register.simple_tag
def feature_options(themes: Iterable[tuple[str, list[Feature]]], chosen: str = "", before: str = "") -> SafeString:
    """All features under their themes; `before` is put ahead of each value. Every condition has such a list."""
    groups = (
        f'<optgroup label="{_escaped(theme)}">{_options(found, chosen, before)}</optgroup>' for theme, found in themes
    )
    return SafeString("".join(groups))


@register.simple_tag
def word_chips(node: Node, focus: str = "") -> SafeString:
    """A box to tick for each word of a category; the first is where the cursor goes when the condition is new."""
    first = " autofocus" if node.path == focus else ""
    assert isinstance(node.part, sketch.Condition)
    chosen, name = set(node.part.values), _escaped(f"{node.path}:value")
    rows = (
        f'<label class="chip"><input type="checkbox" id="v{node.id}-{number}" name="{name}" value="{_escaped(word)}"'
        f"{' checked' if word in chosen else ''}{first if number == 1 else ''}> {_escaped(word)}</label>"
        for number, word in enumerate(node.words, start=1)
    )
    return SafeString("".join(rows))


def _options(features: Iterable[Feature], chosen: str, before: str) -> str:
    return "".join(
        f'<option value="{_escaped(before)}{_escaped(feature.name)}"{" selected" if feature.name == chosen else ""}>'
        f"{_escaped(feature.label)}{' (sensitive)' if feature.sensitive else ''}</option>"
        for feature in features
    )
