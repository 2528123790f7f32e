"""What we know of one member, by theme: for the marketer who asks, and for the member it is about."""

from typing import NamedTuple

import numpy as np
from django.conf import settings

from loyalty import profiles, segmentation
from loyalty.models import Member, Segment, Snapshot
from loyalty.profiling import segments
from loyalty.profiling.parsing import Find
from loyalty.profiling.table import Feature, Profiles, Value
from loyalty.profiling.wording import member_sentence
from loyalty.refusal import Refused
from loyalty.segmentation.themes import by_theme


class Fact(NamedTuple):
    """One thing that is known, and the sentence in which the member reads it."""

    feature: Feature
    value: Value
    sentence: str


class Membership(NamedTuple):
    """A segment that a member is in, and the sentence that says why."""

    segment: Segment
    why: str


Facts = list[tuple[str, list[Fact]]]


def profile_of(member: Member) -> Profiles | None:
    """The newest profiles cut down to this member; None while they do not know them."""
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None:
        return None
    everyone = profiles.opened(snapshot)
    position = everyone.position(member.pk)
    return None if position is None else everyone.take(np.array([position]))


def facts(profile: Profiles | None) -> Facts:
    """Everything that a member's profile knows, under its themes."""
    if profile is None:
        return []
    row = profile.row(0)
    known = {name: profile.features[name] for name, value in row.items() if value is not None}
    return [(theme, [_fact(feature, row[feature.name]) for feature in found]) for theme, found in by_theme(known)]


def memberships(profile: Profiles | None) -> list[Membership]:
    """The saved segments whose rule holds for the member, each with the reason."""
    if profile is None:
        return []
    find = segmentation.in_force()
    found = Segment.objects.prefetch_related("versions")
    told = ((each, _explained(versions[0].rule, profile, find)) for each in found if (versions := each.versions.all()))
    return [Membership(segment, why.sentence) for segment, why in told if why and why.holds]


def _fact(feature: Feature, value: Value) -> Fact:
    return Fact(feature, value, member_sentence(feature, value, currency=settings.RETAILER_CURRENCY))


def _explained(rule: object, profile: Profiles, find: Find) -> segments.Explanation | None:
    """None for a rule that no longer reads, which holds for nobody; its own page says why."""
    try:
        return segments.explain(segmentation.parsed(rule, profile, find=find), profile, 0)
    except Refused:
        return None
