"""Which members a segment rule matches, and how many each of its parts matches."""

import weakref
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from threading import Lock

import numpy as np

from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import All, AnyOf, Condition, Not, Rule, branches
from loyalty.profiling.kinds import kind_of
from loyalty.profiling.scanning import scan
from loyalty.profiling.table import Profiles

ENTRY_BYTES = 1024  # what a kept set weighs beside its bits: its key, its condition, its place


@dataclass(frozen=True)
class Count:
    """How many members the part of a rule at a path matches; the path of the whole rule is empty."""

    path: str
    matching: int


@dataclass
class Bitsets:
    """The members of conditions, each looked up once and kept while there is room; safe between threads.

    What was not asked for longest goes first. Profiles are told apart as objects and not kept alive.
    """

    room_bytes: int
    _kept: "OrderedDict[tuple[weakref.ref[Profiles], Condition], Bitset]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _bytes: int = 0

    def of(self, condition: Condition, profiles: Profiles) -> Bitset:
        key = (weakref.ref(profiles), condition)
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        found = lookup(condition, profiles)
        with self._lock:
            self._keep(key, found)
        return found

    def _keep(self, key: "tuple[weakref.ref[Profiles], Condition]", found: Bitset) -> None:
        if key not in self._kept:
            self._kept[key] = found
            self._bytes += found.nbytes + ENTRY_BYTES
        while self._bytes > self.room_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.nbytes + ENTRY_BYTES


def lookup(condition: Condition, profiles: Profiles) -> Bitset:
    """The members that meet one condition, by reading its columns once."""
    return scan(kind_of(condition).test(condition, profiles), len(profiles))


def bitset(rule: Rule, profiles: Profiles, kept: Bitsets | None = None) -> Bitset:
    """The members a rule matches, with what is kept of its conditions.

    A value that is unknown meets no condition but `unknown`; `not` turns that round, so `not` of a condition on an
    unknown value matches. RuleError where the rule uses a feature or a word these profiles do not have.
    """
    if isinstance(rule, Condition):
        return kept.of(rule, profiles) if kept else lookup(rule, profiles)
    return combined(rule, [bitset(part, profiles, kept) for _, part in branches(rule)], len(profiles))


def matching(rule: Rule, profiles: Profiles) -> np.ndarray:
    """The members a rule matches, (n,) bool; unknown values and errors as in `bitset`."""
    return bitset(rule, profiles).mask()


def counts(rule: Rule, profiles: Profiles) -> tuple[Count, ...]:
    """How many members each part of a rule matches, in the order in which the rule is written, the whole first."""
    _, counted = _evaluate(rule, profiles, path="")
    return tuple(counted)


def combined(rule: Rule, parts: Sequence[Bitset], members: int) -> Bitset:
    """The members of a group, from those of its parts."""
    match rule:
        case All():
            return reduce(and_, parts) if parts else Bitset.everybody(members)
        case AnyOf():
            return reduce(or_, parts) if parts else Bitset.nobody(members)
    (only,) = parts
    return ~only if isinstance(rule, Not) else only


def _evaluate(rule: Rule, profiles: Profiles, *, path: str) -> tuple[Bitset, list[Count]]:
    """The rule's members and the counts of it and of its parts, each computed once."""
    found, counted = [], []
    for step, part in branches(rule):
        members, inside = _evaluate(part, profiles, path=f"{path}.{step}".removeprefix("."))
        found.append(members)
        counted += inside
    whole = lookup(rule, profiles) if isinstance(rule, Condition) else combined(rule, found, len(profiles))
    return whole, [Count(path, whole.count), *counted]
