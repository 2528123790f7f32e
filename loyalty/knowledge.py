"""What we know of one member, by theme: for the marketer who asks, and for the member it is about."""

import datetime as dt
from typing import NamedTuple

import numpy as np
from django.conf import settings

from loyalty import segmentation
from loyalty.models import Member, Segment, SegmentVersion
from loyalty.profiling import departments, families, segments
from loyalty.profiling.parsing import Find
from loyalty.profiling.table import Feature, Profiles, Value
from loyalty.profiling.wording import member_sentence
from loyalty.refusal import Refused
from loyalty.segmentation import recorded
from loyalty.segmentation.themes import by_theme


class Fact(NamedTuple):
    """One thing that is known, and the sentence in which the member reads it."""

    feature: Feature
    value: Value
    sentence: str


class Membership(NamedTuple):
    """A segment that a member is in, or out of, and the sentence that says why."""

    segment: Segment
    why: str


class Memberships(NamedTuple):
    """The saved segments that a member is in, and those it is out of."""

    inside: list[Membership]
    outside: list[Membership]


class Window(NamedTuple):
    """What was bought in the last so many days: baskets, or lines of a department, and their money."""

    days: int
    times: Value
    spend: Value


class Bought(NamedTuple):
    """A department over the windows, and its part of the spend against the average member's."""

    department: str
    affinity: Value
    windows: list[Window]


class Shopping(NamedTuple):
    """What a member bought over the windows, most of it first, and the departments they bought nothing of."""

    departments: list[Bought]
    nothing_of: list[str]
    everything: list[Window]
    sources: list[str]
    purposes: list[str]


SHOPPING = "What they buy"
Facts = list[tuple[str, list[Fact]]]
_IN_ALL = {f"{what}_{days}" for what in ("baskets", "spend") for days in departments.DAYS}


def profile_of(member: Member, *, on: dt.date) -> Profiles | None:
    """The newest profiles cut down to this member, as they may be relied on `on` a day; None while they lack them."""
    try:
        everyone = segmentation.current_profiles(on=on)
    except Refused:
        return None
    position = everyone.position(member.pk)
    return None if position is None else everyone.take(np.array([position]))


def facts(profile: Profiles | None) -> Facts:
    """Everything that a member's profile knows beside their shopping, under its themes."""
    if profile is None:
        return []
    row = profile.row(0)
    known = {name: each for name, each in _known(profile).items() if not _is_shopping(name)}
    return [(theme, [_fact(feature, row[feature.name]) for feature in found]) for theme, found in by_theme(known)]


def shopping(profile: Profiles | None) -> Shopping | None:
    """What a member's profile knows of the departments and windows they bought in; None where it knows nothing."""
    known = {name: each for name, each in _known(profile).items() if _is_shopping(name)} if profile else {}
    if profile is None or not known:
        return None
    row = profile.row(0)
    names = dict.fromkeys(department for name in known if (department := name.partition(":")[2]))
    found = [_bought(row, name) for name in names]
    some = [each for each in found if each.affinity or any(window.times for window in each.windows)]
    return Shopping(
        sorted(some, key=_most_first),
        [each.department for each in found if each not in some],
        [Window(days, row.get(f"baskets_{days}"), row.get(f"spend_{days}")) for days in departments.DAYS],
        list(dict.fromkeys(each.source for each in known.values())),
        list(dict.fromkeys(each.purpose for each in known.values())),
    )


def outdated(profile: Profiles | None) -> dict[str, list[str]]:
    """By why they count as unknown, and what to do: what of a member's profile is stale, in few words."""
    found: dict[str, dict[str, None]] = {}
    for each in profile.features.values() if profile else ():
        if each.stale:
            found.setdefault(each.stale, {})[SHOPPING if _is_shopping(each.name) else each.label] = None
    return {sentence: list(labels) for sentence, labels in found.items()}


def memberships(profile: Profiles | None) -> Memberships:
    """Every saved segment, by whether its rule holds for the member, each with the reason."""
    sorted_out = Memberships([], [])
    if profile is None:
        return sorted_out
    versions = list(SegmentVersion.objects.in_force().select_related("segment"))
    find = recorded.finding(versions)
    for each in sorted(versions, key=lambda version: version.segment.name):
        if why := _explained(each.rule, profile, find):
            (sorted_out.inside if why.holds else sorted_out.outside).append(Membership(each.segment, why.sentence))
    return sorted_out


def _known(profile: Profiles) -> dict[str, Feature]:
    return {name: profile.features[name] for name, value in profile.row(0).items() if value is not None}


def _is_shopping(name: str) -> bool:
    return name in _IN_ALL or name.partition(":")[0] in families.BY_DEPARTMENT


def _bought(row: dict[str, Value], department: str) -> Bought:
    windows = [
        Window(days, row.get(f"bought_{days}:{department}"), row.get(f"spent_{days}:{department}"))
        for days in departments.DAYS
    ]
    return Bought(department, row.get(f"affinity:{department}"), windows)


def _most_first(bought: Bought) -> tuple[float, float]:
    spend, affinity = bought.windows[-1].spend, bought.affinity
    return -float(spend or 0), -float(affinity or 0)


def _fact(feature: Feature, value: Value) -> Fact:
    return Fact(feature, value, member_sentence(feature, value, currency=settings.RETAILER_CURRENCY))


def _explained(rule: object, profile: Profiles, find: Find) -> segments.Explanation | None:
    """None for a rule that no longer reads, which holds for nobody; its own page says why."""
    try:
        return segments.explain(segmentation.parsed(rule, profile, find=find), profile, 0)
    except (Refused, segments.RuleError):
        return None
