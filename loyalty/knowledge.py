"""What we know of one member, by theme: for the marketer who asks, and for the member it is about."""

from typing import NamedTuple

from django.conf import settings

from loyalty import profiles, segmentation
from loyalty.models import Member, Segment, Snapshot
from loyalty.profiling import segments
from loyalty.profiling.table import Feature, Profiles, Value
from loyalty.profiling.wording import member_sentence
from loyalty.refusal import Refused
from loyalty.themes import by_theme


class Fact(NamedTuple):
    """One thing that is known, and the sentence in which the member reads it."""

    feature: Feature
    value: Value
    sentence: str


Facts = list[tuple[str, list[Fact]]]


def profile_of(member: Member) -> Profiles | None:
    """The newest profiles cut down to this member; None while they do not know them."""
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None:
        return None
    alone = (everyone := profiles.opened(snapshot)).take(everyone.member_ids == member.pk)
    return alone if len(alone) else None


def facts(profile: Profiles | None) -> Facts:
    """Everything that a member's profile knows, under its themes."""
    if profile is None:
        return []
    row = profile.row(0)
    known = {name: profile.features[name] for name, value in row.items() if value is not None}
    return [(theme, [_fact(feature, row[feature.name]) for feature in found]) for theme, found in by_theme(known)]


def segments_of(profile: Profiles | None) -> list[Segment]:
    """The saved segments whose rule holds for the member."""
    if profile is None:
        return []
    found = Segment.objects.prefetch_related("versions")
    return [each for each in found if (versions := each.versions.all()) and _holds(versions[0].rule, profile)]


def _fact(feature: Feature, value: Value) -> Fact:
    return Fact(feature, value, member_sentence(feature, value, currency=settings.RETAILER_CURRENCY))


def _holds(rule: object, profile: Profiles) -> bool:
    """A rule that no longer reads holds for nobody; its own page says why."""
    try:
        return bool(segments.matching(segmentation.parsed(rule, profile), profile)[0])
    except Refused:
        return False
