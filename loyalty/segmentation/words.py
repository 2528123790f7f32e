"""The words that a condition can name, of which there may be a hundred thousand: found by typing, and read back."""

import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from heapq import nsmallest
from typing import NamedTuple

from loyalty.profiling.history import names
from loyalty.profiling.table import Profiles

MOST = 8
MOST_RANKED = 5_000  # whoever typed so little that more would do is not looking for one of them yet
MOST_TYPED, MOST_PARTS = 60, 5  # characters and parts of what is typed; what comes after them is not looked at
MOST_COMPARED = 2_000  # words that a misspelt one is compared with, each of which takes a while
BELOW = ">"  # in the path of a category
KINDS = {"category": names.CATEGORY, "brand": names.BRAND, "product": names.PRODUCT, "store": names.STORE}


class Word(NamedTuple):
    """What a rule names, and what to call it."""

    value: str
    label: str


@dataclass(frozen=True)
class Book:
    """The words of one kind."""

    values: tuple[str, ...]
    labels: tuple[str, ...]

    def found(self, typed: str) -> list[Word]:
        """The words that hold everything typed, or else what is spelled like it, the likeliest first."""
        parts = typed[:MOST_TYPED].casefold().split()[:MOST_PARTS]
        hits = self._holding(parts) or self._holding([self._corrected(part) for part in parts])
        return [self._word(at) for at in nsmallest(MOST, hits[:MOST_RANKED], key=lambda at: self._rank(at, parts))]

    def settled(self, typed: str) -> str:
        """The one word that is called what was typed, by its whole name or the last part of its path; or nothing."""
        wanted = typed.casefold()
        named = [at for at, label in enumerate(self._folded) if wanted in label and wanted in (label, _last(label))]
        whole = [at for at in named if self._folded[at] == wanted]
        chosen = whole or named
        return self.values[chosen[0]] if len(chosen) == 1 else ""

    def knows(self, value: str) -> bool:
        return value in self.values

    def called(self, values: Iterable[str]) -> list[Word]:
        """These words with their names; one that is gone is called as it was written."""
        return [self._word(self.values.index(value)) if self.knows(value) else Word(value, value) for value in values]

    @cached_property
    def _folded(self) -> list[str]:
        return [label.casefold() for label in self.labels]

    @cached_property
    def _spelled(self) -> list[str]:
        return sorted({part for label in self._folded for part in label.split()})

    def _word(self, at: int) -> Word:
        return Word(self.values[at], self.labels[at])

    def _holding(self, parts: list[str]) -> list[int]:
        hits = list(range(len(self._folded)))
        for part in parts:
            hits = [at for at in hits if part in self._folded[at]]
        return hits

    def _corrected(self, part: str) -> str:
        near = get_close_matches(part, self._like(part), n=1)
        return near[0] if near else part

    def _like(self, part: str) -> list[str]:
        """The words that a misspelt one may be: all, or of very many those that begin as it does, if not too many."""
        alike = self._spelled
        if len(alike) > MOST_COMPARED:
            alike = [word for word in alike if word[:1] == part[:1]]
        return alike if len(alike) <= MOST_COMPARED else []

    def _rank(self, at: int, parts: list[str]) -> tuple[bool, bool, int, str]:
        """Those first whose own name holds what was typed, not only what they are a part of; then the widest."""
        label, own = self._folded[at], _last(self._folded[at])
        first = parts[0] if parts else ""
        return not all(part in own for part in parts), not own.startswith(first), label.count(BELOW), label


_books: "weakref.WeakKeyDictionary[Profiles, dict[str, Book]]" = weakref.WeakKeyDictionary()


def book(kind: str, members: Profiles) -> Book:
    """The words of a kind that these profiles know, put in order once; KeyError for a kind there is not."""
    known, name = _books.setdefault(members, {}), KINDS[kind]
    if kind not in known:
        values = members.vocabularies.get(name, ())
        labels = members.vocabularies.get(names.PRODUCT_NAME, ()) if kind == "product" else values
        known[kind] = Book(values, labels)
    return known[kind]


def _last(label: str) -> str:
    return label.rpartition(BELOW)[2].strip()
