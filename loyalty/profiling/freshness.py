"""What may be relied on: a feature whose source has been silent for too long is stale, and counts as unknown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np

from loyalty.profiling.steps import Steps
from loyalty.profiling.table import Column, Feature, Profiles

PURCHASES, EVENTS = "purchases", "events"
SAID: Mapping[str, str] = {PURCHASES: "What was bought", EVENTS: "What happened"}
# The longest that may lie between the newest thing a feed told of any member and the day asked about.
LONGEST_DAYS: Mapping[str, int] = {PURCHASES: 7, EVENTS: 7}


class Lateness(NamedTuple):
    """A feed that is too old for what may rest on nothing older than `most_days`, and the sentence that says so."""

    feed: str
    most_days: int | None
    sentence: str


Late = frozenset[Lateness]


def declared(feature: Feature, feed: str) -> Feature:
    """The feature with the feed it is made from and how old that may be; the membership record does not age."""
    return replace(feature, feed=feed, max_age_days=LONGEST_DAYS.get(feed))


def relied_on(profiles: Profiles, *, on: date) -> Profiles:
    """The profiles as they may be used on a day: stale features say why they are, and are unknown of every member.

    A feed that never told anything is not late: what it counts is nothing, for everybody.
    """
    return without(profiles, late(profiles, on=on))


def late(profiles: Profiles, *, on: date) -> Late:
    """What may not rest on its feed on a day; the same on all days on which the same is stale."""
    limits = {(feature.feed, feature.max_age_days) for feature in profiles.features.values()} | set(
        LONGEST_DAYS.items()
    )
    return frozenset(
        Lateness(feed, most_days, _sentence(feed, profiles, most_days, on))
        for feed, most_days in limits
        if _is_late(feed, profiles, most_days, on)
    )


def without(profiles: Profiles, lateness: Late) -> Profiles:
    """The profiles in which what is late is unknown of every member, and says so."""
    if not lateness:
        return profiles
    said = {(each.feed, each.most_days): each.sentence for each in lateness}
    features = {
        name: replace(feature, stale=said.get((feature.feed, feature.max_age_days), ""))
        for name, feature in profiles.features.items()
    }
    columns = {name: _unknown(column) if features[name].stale else column for name, column in profiles.columns.items()}
    history = profiles.history and replace(profiles.history, stale=_by_feed(lateness))
    return replace(profiles, features=features, columns=columns, history=history)


def silent(profiles: Profiles, *, on: date) -> dict[str, str]:
    """For each feed that has been silent for too long on a day, the sentence that says so."""
    return _by_feed(late(profiles, on=on))


def _by_feed(lateness: Late) -> dict[str, str]:
    said = {(each.feed, each.most_days): each.sentence for each in lateness}
    return {feed: said[feed, most_days] for feed, most_days in LONGEST_DAYS.items() if (feed, most_days) in said}


def _is_late(feed: str, profiles: Profiles, most_days: int | None, on: date) -> bool:
    seen = profiles.newest.get(feed)
    return seen is not None and most_days is not None and (on - seen).days > most_days


def _sentence(feed: str, profiles: Profiles, most_days: int | None, on: date) -> str:
    """Why a feed is stale and what to do, without the day: profiles that say the same on two days are the same."""
    return (
        f"The newest {feed} are of {profiles.newest[feed]:%-d %B %Y}, and what rests on {feed} counts as unknown once "
        f"they are more than {most_days} days old. {_mended(feed, profiles.as_of, on)}"
    )


def _mended(feed: str, as_of: date, on: date) -> str:
    """Newer things may be there already, where it is the profiles that are old."""
    first = f"Load newer {feed}"
    return f"{first}, then build new profiles." if as_of >= on else f"{first} if there are any, and build new profiles."


def _unknown(column: Column) -> Column:
    """As many values, all unknown, which take the memory of one."""
    if isinstance(column, Steps):
        return column.unknown()
    nothing = np.nan if column.dtype.kind == "f" else -1
    return np.broadcast_to(np.array(nothing, dtype=column.dtype), len(column))
