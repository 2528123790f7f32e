"""The kind of condition that asks for events: who meets it, and why a member does or does not."""

from functools import reduce

import numpy as np

from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import Happened
from loyalty.profiling.cores import share
from loyalty.profiling.counted import counted
from loyalty.profiling.freshness import EVENTS
from loyalty.profiling.happened import circumstances, what, words
from loyalty.profiling.history.index import History
from loyalty.profiling.history.names import EVENT, EVENT_CHANNEL
from loyalty.profiling.past.asking import code_of
from loyalty.profiling.past.lookup import FEW, often
from loyalty.profiling.past.relying import reliable, unknown
from loyalty.profiling.scanning import Mark, looked_up, nobody
from loyalty.profiling.table import Profiles

MEMBERS_AT_ONCE = 2**17


def marks(rule: Happened, profiles: Profiles) -> Mark:
    """The members who meet the condition; RuleError where these profiles do not hold what it asks for.

    While events are stale nobody does, as with an unknown value.
    """
    history = reliable(profiles, EVENTS)
    return looked_up(doers(rule, history)) if history else nobody


def holds(rule: Happened, profiles: Profiles, position: int) -> bool:
    history = reliable(profiles, EVENTS)
    return history is not None and happened(rule, history, history.row(position)) >= rule.times


def sentence(rule: Happened, profiles: Profiles, position: int, *, holds: bool) -> str:
    """Why a member passes or not, with how often it happened."""
    history = reliable(profiles, EVENTS)
    if history is None:
        return unknown(EVENTS, words(rule, profiles.features))
    found = happened(rule, history, history.row(position))
    told = f"{what(rule)} {counted(found, 'time')}{circumstances(rule)}"
    return f"{told}, {'' if holds else 'of '}at least {rule.times:,} asked."


def doers(rule: Happened, history: History) -> Bitset:
    """The members of whom there are so many events as the condition asks for."""
    if history.rows is not None and len(history.rows) <= FEW:
        return Bitset.of_mask(
            np.array([happened(rule, history, row) >= rule.times for row in history.rows], dtype=bool)
        )
    first, end = history.span
    bounds = _event_bounds(rule, history, np.append(np.arange(first, end, MEMBERS_AT_ONCE), end))
    inside = np.zeros(history.members, dtype=bool)

    def look(part: int) -> None:
        inside[often(_events(rule, history, slice(bounds[part], bounds[part + 1])), rule.times)] = True

    share(look, range(len(bounds) - 1))
    return Bitset.of_mask(inside if history.rows is None else inside[history.rows])


def happened(rule: Happened, history: History, row: int) -> int:
    """How many events there are of the member in a row of the index."""
    first, end = _event_bounds(rule, history, np.array([row, row + 1]))
    return len(_events(rule, history, slice(first, end)))


def _event_bounds(rule: Happened, history: History, rows: np.ndarray) -> list[int]:
    """The events at which those of the members in these rows begin."""
    kind = code_of(rule.event, history.words[EVENT])
    first, end = history.happenings.start[kind : kind + 2].tolist()
    member = history.happenings.member[first:end]
    return (first + np.searchsorted(member, rows.astype(member.dtype))).tolist()  # type: ignore[no-any-return]


def _events(rule: Happened, history: History, rows: slice) -> np.ndarray:
    """The members of those events that count."""
    happenings, tests = history.happenings, []
    if rule.days is not None:
        tests.append(happenings.age[rows] <= rule.days)
    if rule.channel:
        tests.append(happenings.channel[rows] == code_of(rule.channel, history.words[EVENT_CHANNEL]))
    member = happenings.member[rows]
    return member[np.flatnonzero(reduce(np.logical_and, tests))] if tests else member
