"""The features a condition can be about, and the words it can name, as the page lists them: thousands at a time."""

import weakref
from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from loyalty.profiling.table import Feature
from loyalty.segmentation import sketch
from loyalty.segmentation.choices import Choices
from loyalty.segmentation.counting import Node
from loyalty.templatetags.choices import escaped

register = template.Library()

_lists: "weakref.WeakKeyDictionary[Choices, str]" = weakref.WeakKeyDictionary()


@register.simple_tag
def feature_options(choices: Choices, chosen: str = "", before: str = "") -> SafeString:
    """All features under their themes; `before` is put ahead of each value. Every condition has such a list."""
    if choices not in _lists:
        _lists[choices] = "".join(_group(theme, features) for theme, features in choices.themes)
    value = f'value="{escaped(chosen)}"'
    # Whatever stands in the list is escaped, so that only the quotes of its own attributes are found.
    marked = _lists[choices].replace(value, f"{value} selected", 1) if chosen else _lists[choices]
    return SafeString(marked.replace('value="', f'value="{escaped(before)}') if before else marked)


@register.simple_tag
def word_chips(node: Node, focus: str = "") -> SafeString:
    """A box to tick for each word of a category; the first is where the cursor goes when the condition is new."""
    first = " autofocus" if node.path == focus else ""
    assert isinstance(node.part, sketch.Condition)
    chosen, name = set(node.part.values), escaped(f"{node.path}:value")
    rows = (
        f'<label class="chip"><input type="checkbox" id="v{node.id}-{number}" name="{name}" value="{escaped(word)}"'
        f"{' checked' if word in chosen else ''}{first if number == 1 else ''}> {escaped(word)}</label>"
        for number, word in enumerate(node.words, start=1)
    )
    return SafeString("".join(rows))


def _group(theme: str, features: Iterable[Feature]) -> str:
    return f'<optgroup label="{escaped(theme)}">{"".join(_option(feature) for feature in features)}</optgroup>'


def _option(feature: Feature) -> str:
    told = f"{escaped(feature.label)}{' (sensitive)' if feature.sensitive else ''}"
    return f'<option value="{escaped(feature.name)}">{told}</option>'
