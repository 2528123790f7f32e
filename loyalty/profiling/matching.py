"""Which members a segment rule matches, and how many each of its parts matches."""

import weakref
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import All, AnyOf, Condition, Not, Rule, branches, leaves
from loyalty.profiling.kinds import kind_of
from loyalty.profiling.scanning import Mark, every, everybody, nobody, others, scan, some
from loyalty.profiling.table import Profiles

Key = tuple["weakref.ref[Profiles]", Condition]
Found = Mapping[Condition, Bitset]

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
    _kept: OrderedDict[Key, Bitset] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _bytes: int = 0

    def of(self, conditions: Iterable[Condition], profiles: Profiles) -> Found:
        """The members of each condition; those that are not kept are looked up together."""
        keys = {condition: (weakref.ref(profiles), condition) for condition in conditions}
        with self._lock:
            known = {condition: self._kept[key] for condition, key in keys.items() if key in self._kept}
            for condition in known:
                self._kept.move_to_end(keys[condition])
        missing = [condition for condition in keys if condition not in known]
        if not missing:
            return known
        looked_up = lookup(missing, profiles)
        with self._lock:
            for condition, found in looked_up.items():
                self._keep(keys[condition], found)
        return {**known, **looked_up}

    def _keep(self, key: Key, found: Bitset) -> None:
        if key not in self._kept:
            self._kept[key] = found
            self._bytes += found.nbytes + ENTRY_BYTES
        while self._bytes > self.room_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.nbytes + ENTRY_BYTES


def lookup(conditions: Sequence[Condition], profiles: Profiles) -> Found:
    """The members that meet each condition, by reading the columns once."""
    marks = [kind_of(condition).marks(condition, profiles) for condition in conditions]
    return dict(zip(conditions, scan(marks, len(profiles)), strict=True))


def bitset(rule: Rule, profiles: Profiles, kept: Bitsets | None = None) -> Bitset:
    """The members a rule matches, with what is kept of its conditions.

    A value that is unknown meets no condition but `unknown`; `not` turns that round, so `not` of a condition on an
    unknown value matches. RuleError where the rule uses a feature or a word these profiles do not have.
    """
    if kept:
        return _combined(rule, kept.of(_conditions(rule), profiles), len(profiles))
    (found,) = scan([_mark(rule, profiles)], len(profiles))
    return found


def matching(rule: Rule, profiles: Profiles) -> np.ndarray:
    """The members a rule matches, (n,) bool; unknown values and errors as in `bitset`."""
    return bitset(rule, profiles).mask()


def counts(rule: Rule, profiles: Profiles) -> tuple[Count, ...]:
    """How many members each part of a rule matches, in the order in which the rule is written, the whole first."""
    _, counted = _counted(rule, lookup(_conditions(rule), profiles), len(profiles), path="")
    return tuple(counted)


def _conditions(rule: Rule) -> list[Condition]:
    return list(dict.fromkeys(leaves(rule)))


def _mark(rule: Rule, profiles: Profiles) -> Mark:
    """The members of a rule as they are read, without a set for each of its conditions."""
    if isinstance(rule, Condition):
        return kind_of(rule).marks(rule, profiles)
    parts = [_mark(part, profiles) for _, part in branches(rule)]
    match rule:
        case All():
            return every(parts) if parts else everybody
        case AnyOf():
            return some(parts) if parts else nobody
    (only,) = parts
    return others(only) if isinstance(rule, Not) else only


def _combined(rule: Rule, found: Found, members: int) -> Bitset:
    if isinstance(rule, Condition):
        return found[rule]
    return _joined(rule, [_combined(part, found, members) for _, part in branches(rule)], members)


def _joined(rule: Rule, parts: Sequence[Bitset], members: int) -> Bitset:
    match rule:
        case All():
            return Bitset.all_of(parts) if parts else Bitset.everybody(members)
        case AnyOf():
            return Bitset.any_of(parts) if parts else Bitset.nobody(members)
    (only,) = parts
    return ~only if isinstance(rule, Not) else only


def _counted(rule: Rule, found: Found, members: int, *, path: str) -> tuple[Bitset, list[Count]]:
    """The rule's members and the counts of it and of its parts."""
    parts, counted = [], []
    for step, part in branches(rule):
        inside, below = _counted(part, found, members, path=f"{path}.{step}".removeprefix("."))
        parts.append(inside)
        counted += below
    whole = found[rule] if isinstance(rule, Condition) else _joined(rule, parts, members)
    return whole, [Count(path, whole.count), *counted]
