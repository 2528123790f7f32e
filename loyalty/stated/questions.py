"""What the preference centre asks, with what the member told us so far."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from loyalty.models import Member
from loyalty.models.statement import Topic
from loyalty.profiling.stating import OF
from loyalty.stated import asking, standing


class Choice(NamedTuple):
    """One thing that can be told, in words, and whether it was."""

    value: str
    words: str
    is_told: bool


class Part(NamedTuple):
    """Choices of which any may be told; where the part has a label, of which one may."""

    label: str
    choices: list[Choice]


class Question(NamedTuple):
    """A topic, what it is called, what becomes of an answer, what there is to choose from, and the answer in words."""

    topic: str
    label: str
    meaning: str
    parts: list[Part]
    answer: str


def of(member: Member) -> Iterator[Question]:
    """Every question for which there is something to choose, in the order of the page.

    What somebody told us and is no longer asked stays among their choices, so that they can take it back.
    """
    held: dict[str, list[str]] = {}
    for each in standing([member.pk]):
        held.setdefault(each.topic, []).append(each.value)
    for topic in asking.QUESTIONS:
        told = held.get(topic, [])
        choices = asking.choices(topic) | {value: asking.words(topic, value) for value in told}
        if choices:
            parts = _parts(topic, [Choice(value, words, value in told) for value, words in choices.items()])
            yield Question(topic, asking.QUESTIONS[topic], asking.MEANINGS[topic], parts, asking.answer(topic, told))


def _parts(topic: str, choices: list[Choice]) -> list[Part]:
    if topic != Topic.SIZE:
        return [Part("", choices)]
    by_thing = groupby(sorted(choices, key=_thing), key=_thing)
    return [Part(thing, list(some)) for thing, some in by_thing]


def _thing(choice: Choice) -> str:
    return choice.value.partition(OF)[0]
