"""Marketers' text with variables from a closed list: `{{ first_name }}` or `{{ first_name | default: "there" }}`.

Nothing else is ever evaluated, and what a variable puts in is never read again. No template engine is involved.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from django.template.defaultfilters import linebreaks_filter
from django.utils.safestring import SafeString

VARIABLES: Mapping[str, str] = {
    "first_name": "the member's first name",
    "retailer": "your name as a retailer",
    "offer": "the name of the offer",
    "value": "what the offer is worth, in words",
    "minimum_spend": "what has to be spent to use it",
    "valid_until": "the last day it can be used",
    "department": "the department it is for",
}
LONGEST_TEXT = 10_000
LONGEST_VALUE = 200
LONGEST_RESULT = 100_000
EXAMPLE = '{{ first_name }} or {{ first_name | default: "there" }}'

_PLACE = re.compile(r'(?<!\{)\{\{\s*([a-z_]+)\s*(?:\|\s*default:\s*"([^"{}]*)"\s*)?\}\}(?!\})')
_STRAY = re.compile(r"\{\{[^{}]*\}\}|\{\{[^{}]*|\}\}|\{[%#][^{}]*[%#]\}|\{[%#][^{}]*|[%#]\}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def render(text: str, values: Mapping[str, str]) -> str:
    """The text with each variable replaced, in one pass, by its value, else by its default, else by nothing.

    Whatever is not a variable of `VARIABLES` stays as it is written. Values are cut at `LONGEST_VALUE` characters
    and the result at `LONGEST_RESULT`, so that no text can grow beyond bounds.
    """

    def fill(place: re.Match[str]) -> str:
        name, default = place.groups(default="")
        return (_clean(values.get(name, "")) or default) if name in VARIABLES else place[0]

    return _PLACE.sub(fill, text)[:LONGEST_RESULT]


def render_line(text: str, values: Mapping[str, str]) -> str:
    """`render` for a subject: one line, whatever line breaks the text has."""
    return " ".join(render(text, values).split())


def render_html(text: str, values: Mapping[str, str]) -> SafeString:
    """`render` for an HTML body: a paragraph per block of lines, all of it escaped, text and values alike."""
    return linebreaks_filter(render(text, values))


def variables(text: str) -> set[str]:
    """The variables of the closed list that the text names."""
    return {place[1] for place in _PLACE.finditer(text)} & set(VARIABLES)


def variables_without_default(text: str) -> set[str]:
    """The variables that leave a gap where a member's value is unknown."""
    return {place[1] for place in _PLACE.finditer(text) if not place[2]} & set(VARIABLES)


def problems(text: str) -> list[str]:
    """A clause for each thing that would not be filled in, such as “there is no variable …”; empty when all is well."""
    if len(text) > LONGEST_TEXT:
        return [f"the text has {len(text):,} characters (shorten it to {LONGEST_TEXT:,})"]
    return list(dict.fromkeys([*_unknown_variables(text), *_strays(text)]))


def _clean(value: str) -> str:
    return _UNPRINTABLE.sub(" ", value[:LONGEST_VALUE]).strip()


def _unknown_variables(text: str) -> Iterator[str]:
    for place in _PLACE.finditer(text):
        if place[1] not in VARIABLES:
            guess = get_close_matches(place[1], VARIABLES, n=1)
            advice = f"did you mean {guess[0]}?" if guess else f"there are {', '.join(VARIABLES)}"
            yield f"there is no variable “{_shortened(place[1])}” ({advice})"


def _strays(text: str) -> Iterator[str]:
    for stray in _STRAY.findall(_PLACE.sub(" ", text)):
        yield f"“{_shortened(stray)}” {_trouble_with(stray)}"


def _trouble_with(stray: str) -> str:
    if stray == "}}":
        return "closes a variable that was not opened (open it with {{, or take it out)"
    if not stray.startswith("{{"):
        return f"is never carried out (take it out, or write a variable like {EXAMPLE})"
    if stray.endswith("}}"):
        return f"is not understood (write {EXAMPLE})"
    return "opens a variable and does not close it (close it with }})"


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else f"{words[:39]}…"
