"""A person who is several members: who belongs on which side of a merge, and what holds of all they said."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Joined(NamedTuple):
    """An open merge: `other` counts as `kept` since `at`."""

    other: int
    kept: int
    at: dt.datetime


class Said(NamedTuple):
    """A grant or withdrawal by one member; `number` tells apart what was said at the same moment."""

    at: dt.datetime
    number: int
    member: int
    granted: bool


@dataclass(frozen=True)
class Person:
    """The member who stands for all, and the merges that are open between them: a tree."""

    survivor: int
    merges: tuple[Joined, ...]

    @property
    def members(self) -> frozenset[int]:
        return frozenset((self.survivor, *(merge.other for merge in self.merges)))

    def side_of(self, other: int) -> frozenset[int]:
        """Who would leave together with `other` if its merge were undone."""
        side = {other}
        while more := {merge.other for merge in self.merges if merge.kept in side} - side:
            side |= more
        return frozenset(side)

    @cached_property
    def since(self) -> Mapping[tuple[int, int], dt.datetime]:
        """The moment from which each two of them have been one."""
        group_of = {member: {member} for member in self.members}
        since: dict[tuple[int, int], dt.datetime] = {}
        for merge in sorted(self.merges, key=lambda merge: merge.at):
            left, right = group_of[merge.other], group_of[merge.kept]
            since |= {pair: merge.at for one in left for two in right for pair in ((one, two), (two, one))}
            both = left | right
            group_of |= dict.fromkeys(both, both)
        return since


def holding(said: Sequence[Said], person: Person) -> Said | None:
    """What holds for a person, of everything its members said about one thing; None if none of them said anything.

    A withdrawal by any of them holds for all, until one of them grants it later and after the two had been merged:
    then the person has spoken.
    """
    last = _last_of_each(said)
    open_ = [each for each in last.values() if not each.granted and not _is_answered(each, said, person)]
    return max(open_ or (each for each in last.values() if each.granted), default=None)


def carried_over(said: Sequence[Said], person: Person, leaving: frozenset[int]) -> dict[int, Said]:
    """The withdrawals to write down when these leave a person: by member, what one on the other side took back.

    A withdrawal after the two had been merged was the person's, and holds for each, unless that member granted later.
    """
    last, found = _last_of_each(said), {}
    for member in person.members:
        theirs = [each for each in said if not each.granted and _is_across(each, member, person, leaving)]
        own, newest = last.get(member), max(theirs, default=None)
        if newest and (own is None or (own.granted and own.at <= newest.at)):
            found[member] = newest
    return found


def _last_of_each(said: Iterable[Said]) -> dict[int, Said]:
    return {each.member: each for each in sorted(said)}


def _is_answered(withdrawal: Said, said: Sequence[Said], person: Person) -> bool:
    return any(
        each.granted and each > withdrawal and each.at > person.since[each.member, withdrawal.member]
        for each in said
        if each.member != withdrawal.member
    )


def _is_across(each: Said, member: int, person: Person, leaving: frozenset[int]) -> bool:
    is_other_side = (each.member in leaving) != (member in leaving)
    return is_other_side and each.at > person.since[each.member, member]
