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
    features = {name: _judged(feature, profiles.newest, on) for name, feature in profiles.features.items()}
    columns = {name: _unknown(column) if features[name].stale else column for name, column in profiles.columns.items()}
    return replace(profiles, features=features, columns=columns)


def _judged(feature: Feature, newest: Mapping[str, date], on: date) -> Feature:
    seen = newest.get(feature.feed)
    if seen is None or feature.max_age_days is None or (on - seen).days <= feature.max_age_days:
        return feature
    age = (on - seen).days
    return replace(
        feature,
        stale=f"The newest {feature.feed} are of {seen:%d %B %Y}, {age} days before {on:%d %B %Y}; this may rest on "
        f"nothing older than {feature.max_age_days} days, so it counts as unknown. Load newer {feature.feed}.",
    )


def _unknown(column: Column) -> Column:
    if isinstance(column, Steps):
        return column.unknown()
    nothing = np.nan if column.dtype.kind == "f" else -1
    return np.full(len(column), nothing, dtype=column.dtype)
