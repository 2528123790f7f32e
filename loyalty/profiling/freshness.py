"""What may be relied on: a feature whose source has been silent for too long is stale, and counts as unknown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from loyalty.profiling.steps import Steps
from loyalty.profiling.table import Column, Feature, Profiles

PURCHASES, EVENTS = "purchases", "events"
# The longest that may lie between the newest thing a feed told of any member and the day asked about.
LONGEST_DAYS: Mapping[str, int] = {PURCHASES: 7, EVENTS: 7}


def declared(feature: Feature, feed: str) -> Feature:
    """The feature with the feed it is made from and how old that may be; the membership record does not age."""
    return replace(feature, feed=feed, max_age_days=LONGEST_DAYS.get(feed))


def relied_on(profiles: Profiles, *, on: date) -> Profiles:
    """The profiles as they may be used on a day: stale features say why they are, and are unknown of every member.

    A feed that never told anything is not late: what it counts is nothing, for everybody.
    """
    features = {name: _judged(feature, profiles, on) for name, feature in profiles.features.items()}
    late = silent(profiles, on=on)
    if not late and not any(feature.stale for feature in features.values()):
        return profiles
    columns = {name: _unknown(column) if features[name].stale else column for name, column in profiles.columns.items()}
    history = profiles.history and replace(profiles.history, stale=late)
    return replace(profiles, features=features, columns=columns, history=history)


def silent(profiles: Profiles, *, on: date) -> dict[str, str]:
    """For each feed that has been silent for too long on a day, the sentence that says so."""
    found = {feed: _sentence(feed, profiles, most_days, on) for feed, most_days in LONGEST_DAYS.items()}
    return {feed: sentence for feed, sentence in found.items() if sentence}


def _judged(feature: Feature, profiles: Profiles, on: date) -> Feature:
    sentence = _sentence(feature.feed, profiles, feature.max_age_days, on)
    return replace(feature, stale=sentence) if sentence else feature


def _sentence(feed: str, profiles: Profiles, most_days: int | None, on: date) -> str:
    """Why a feed is stale and what to do, or nothing where it is not."""
    seen = profiles.newest.get(feed)
    if seen is None or most_days is None or (on - seen).days <= most_days:
        return ""
    age = (on - seen).days
    return (
        f"The newest {feed} are of {seen:%-d %B %Y}, {age} days before {on:%-d %B %Y}; this may rest on "
        f"nothing older than {most_days} days, so it counts as unknown. {_mended(feed, profiles.as_of, on)}"
    )


def _mended(feed: str, as_of: date, on: date) -> str:
    """Newer things may be there already, where it is the profiles that are old."""
    first = f"Load newer {feed}"
    return f"{first}, then build new profiles." if as_of >= on else f"{first} if there are any, and build new profiles."


def _unknown(column: Column) -> Column:
    if isinstance(column, Steps):
        return column.unknown()
    nothing = np.nan if column.dtype.kind == "f" else -1
    return np.full(len(column), nothing, dtype=column.dtype)
