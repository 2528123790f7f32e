"""The kind of condition that asks for events: who meets it, and why a member does or does not."""

from collections.abc import Sequence

from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import Happened, RuleError
from loyalty.profiling.counted import NOT_KEPT, counted
from loyalty.profiling.freshness import EVENTS
from loyalty.profiling.happened import circumstances, what, words
from loyalty.profiling.history import lookup
from loyalty.profiling.history.index import History
from loyalty.profiling.table import Profiles


def find(rules: Sequence[Happened], profiles: Profiles) -> list[Bitset]:
    """The members who meet each condition; RuleError where these profiles do not hold what it asks for.

    While events are stale nobody does, as with an unknown value.
    """
    history = _history(profiles)
    if EVENTS in history.stale:
        return [Bitset.nobody(len(profiles)) for _ in rules]
    return [lookup.doers(rule, history) for rule in rules]


def holds(rule: Happened, profiles: Profiles, position: int) -> bool:
    history = _history(profiles)
    return EVENTS not in history.stale and lookup.happened(rule, history, history.row(position)) >= rule.times


def sentence(rule: Happened, profiles: Profiles, position: int, *, holds: bool) -> str:
    """Why a member passes or not, with how often it happened."""
    history = _history(profiles)
    if EVENTS in history.stale:
        return f"What happened is unknown, which never meets “{words(rule, profiles.features)}”."
    found = lookup.happened(rule, history, history.row(position))
    told = f"{what(rule)} {counted(found, 'time')}{circumstances(rule)}"
    return f"{told}, {'' if holds else 'of '}at least {rule.times:,} asked."


def _history(profiles: Profiles) -> History:
    if profiles.history is None:
        raise RuleError(NOT_KEPT)
    return profiles.history
