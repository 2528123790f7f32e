"""The features a condition can be about, and the words it can name, as the page lists them: thousands at a time."""

import weakref
from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from loyalty.profiling.table import Feature
from loyalty.segmentation import sketch
from loyalty.segmentation.choices import Choices
from loyalty.segmentation.counting import Node

register = template.Library()

# Every condition of every page lists the same few hundred labels and words.
_escaped = lru_cache(maxsize=10_000)(escape)
_lists: "weakref.WeakKeyDictionary[Choices, str]" = weakref.WeakKeyDictionary()


@register.simple_tag
def feature_options(choices: Choices, chosen: str = "", before: str = "") -> SafeString:
    """All features under their themes; `before` is put ahead of each value. Every condition has such a list."""
    if choices not in _lists:
        _lists[choices] = "".join(_group(theme, features) for theme, features in choices.themes)
    value = f'value="{_escaped(chosen)}"'
    # Whatever stands in the list is escaped, so that only the quotes of its own attributes are found.
    marked = _lists[choices].replace(value, f"{value} selected", 1) if chosen else _lists[choices]
    return SafeString(marked.replace('value="', f'value="{_escaped(before)}') if before else marked)


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


def _group(theme: str, features: Iterable[Feature]) -> str:
    return f'<optgroup label="{escape(theme)}">{"".join(_option(feature) for feature in features)}</optgroup>'


def _option(feature: Feature) -> str:
    told = f"{escape(feature.label)}{' (sensitive)' if feature.sensitive else ''}"
    return f'<option value="{escape(feature.name)}">{told}</option>'
