"""Saving segments, and what the builder tells while a rule is edited."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction

from loyalty import consent, profiles
from loyalty.models import Member, Segment, SegmentVersion, Snapshot
from loyalty.models.consent import Channel
from loyalty.profiling import segments
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused

SAMPLE = 10
SPLIT_BY = ("lifecycle", "rfm_cell")
NO_PROFILES = "There are no member profiles yet: load purchases, then build a snapshot on the Data page."


@dataclass(frozen=True)
class Sampled:
    ref: str
    why: str


@dataclass(frozen=True)
class Split:
    """How many of those who match have each word of a category; words that nobody has are left out."""

    label: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Reach:
    """Who matches a rule: how many of how many, by category and channel, and a few of them with the reason."""

    members: int
    matching: int
    splits: tuple[Split, ...]
    contactable: tuple[tuple[str, int], ...]
    sample: tuple[Sampled, ...]

    @property
    def share(self) -> float:
        return self.matching / self.members if self.members else 0.0


def current_profiles() -> Profiles:
    """The newest profiles; Refused while there are none."""
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None:
        raise Refused(NO_PROFILES)
    return profiles.opened(snapshot)


def parsed(rule: Any, members: Profiles) -> segments.Rule:
    """The rule as a tree; Refused with the sentence that says what is wrong with it."""
    try:
        return segments.parse(rule, members.features, members.vocabularies)
    except segments.RuleError as error:
        raise Refused(error.sentence) from None


def reach(rule: segments.Rule, members: Profiles) -> Reach:
    inside = segments.matching(rule, members)
    ids = members.member_ids[inside]
    return Reach(
        members=len(members),
        matching=len(ids),
        splits=tuple(_split(name, members, inside) for name in SPLIT_BY),
        contactable=tuple(
            (label, int(np.isin(ids, list(consent.contactable(channel))).sum())) for channel, label in Channel.choices
        ),
        sample=_sample(rule, members, np.flatnonzero(inside)),
    )


def why(rule: segments.Rule, members: Profiles, ref: str) -> segments.Explanation:
    """Whether one member is in, and why; Refused for a reference that nobody has."""
    found = Member.objects.filter(ref=ref.strip()).first()
    position = members.position(found.pk) if found else None
    if position is None:
        raise Refused(f"There is no member {ref} in the profiles as of {members.as_of:%-d %B %Y}: check the reference.")
    return segments.explain(rule, members, position)


def save(segment: Segment | None, *, name: str, rule: Any, by: User | None, at: dt.datetime) -> SegmentVersion:
    """Save a rule as the next version of a segment, or as a new segment; saving an unchanged rule only renames it."""
    members = current_profiles()
    tree = parsed(rule, members)
    if not name.strip():
        raise Refused("Give the segment a name, so that it can be chosen for a campaign.")
    with transaction.atomic():
        segment = _named(segment, name.strip(), by=by, at=at)
        newest = segment.versions.first()
        if newest and newest.rule == rule:
            return newest
        matching = int(segments.matching(tree, members).sum())
        number = newest.number + 1 if newest else 1
        return SegmentVersion.objects.create(
            segment=segment, number=number, rule=rule, matching=matching, saved_by=by, saved_at=at
        )


def _named(segment: Segment | None, name: str, *, by: User | None, at: dt.datetime) -> Segment:
    taken = Segment.objects.filter(name=name).first()
    if taken and taken != segment:
        raise Refused(f"There is a segment called “{name}” already: choose another name.")
    if segment is None:
        return Segment.objects.create(name=name, created_by=by, created_at=at)
    segment = Segment.objects.select_for_update().get(pk=segment.pk)
    segment.name = name
    segment.save(update_fields=["name"])
    return segment


def _split(name: str, members: Profiles, inside: np.ndarray) -> Split:
    words, codes = members.vocabularies[name], members.column(name)[inside]
    counts = np.bincount(codes[codes >= 0], minlength=len(words))
    rows = tuple((word, int(count)) for word, count in zip(words, counts, strict=True) if count)
    return Split(members.features[name].label, rows)


def _sample(rule: segments.Rule, members: Profiles, positions: np.ndarray) -> tuple[Sampled, ...]:
    """Members spread evenly over those who match."""
    spread = positions[np.linspace(0, len(positions) - 1, min(SAMPLE, len(positions)), dtype=np.int64)]
    refs = dict(Member.objects.filter(pk__in=members.member_ids[spread].tolist()).values_list("pk", "ref"))
    return tuple(
        Sampled(refs[member], segments.explain(rule, members, int(position)).sentence)
        for position, member in zip(spread, members.member_ids[spread].tolist(), strict=True)
        if member in refs
    )
