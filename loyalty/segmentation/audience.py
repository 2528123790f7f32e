"""Who is in a segment while its rule is edited: how many, of which kind, by which channel, and a few of them."""

import datetime as dt
from dataclasses import dataclass

from loyalty import aliases, segmentation
from loyalty.models import Member, Segment, SegmentVersion
from loyalty.models.consent import Channel
from loyalty.profiling import segments
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.segmentation.reachable import AT_ONCE, reachable

SAMPLE = 10
SPLIT_BY = ("lifecycle", "rfm_cell")


@dataclass(frozen=True)
class Sampled:
    ref: str
    why: str


@dataclass(frozen=True)
class Answer:
    """Whether a member is in, and why; `counts_as` is who stands for the reference that was asked about, if another."""

    holds: bool
    sentence: str
    counts_as: str = ""


@dataclass(frozen=True)
class Split:
    """How many of those who match have each word of a category; words that nobody has are left out."""

    label: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Contactable:
    """How many of those who match may be contacted by a channel; None while that is read for the first time.

    `since` is the moment of reading, where it was not read just now.
    """

    label: str
    count: int | None
    since: dt.datetime | None = None


@dataclass(frozen=True)
class Reach:
    """Who matches a rule: how many of how many, by category and channel."""

    members: int
    matching: int
    splits: tuple[Split, ...]
    contactable: tuple[Contactable, ...]

    @property
    def share(self) -> float:
        return self.matching / self.members if self.members else 0.0

    @property
    def is_incomplete(self) -> bool:
        return any(channel.count is None for channel in self.contactable)


@dataclass(frozen=True)
class Overlap:
    """How many of those who match are also in another segment."""

    segment: Segment
    both: int
    share: float


def reach(inside: segments.Bitset, members: Profiles, *, at: dt.datetime) -> Reach:
    """Of which kind those who match are; `at` is now, up to which consent counts."""
    return Reach(
        members=len(members),
        matching=inside.count,
        splits=tuple(_split(name, members, inside) for name in SPLIT_BY),
        contactable=tuple(_contactable(channel, members, inside, at=at) for channel in Channel),
    )


def why(rule: segments.Rule, members: Profiles, ref: str) -> Answer:
    """Whether one member is in, and why; Refused for a reference that nobody has."""
    found = Member.objects.select_related("alias__survivor").filter(ref=ref.strip()).first()
    counted = aliases.survivor_of(found) if found else None
    position = members.position(counted.pk) if counted else None
    if found is None or counted is None or position is None:
        raise Refused(f"There is no member {ref} in the profiles as of {members.as_of:%-d %B %Y}: check the reference.")
    told = segments.explain(rule, members, position)
    return Answer(told.holds, told.sentence, counted.ref if counted != found else "")


def sample(rule: segments.Rule, members: Profiles) -> tuple[Sampled, ...]:
    """A few members spread evenly over those who match, each with the reason."""
    spread = segmentation.inside(rule, members).spread(SAMPLE)
    ids = members.member_ids[spread].tolist()
    refs = dict(Member.objects.filter(pk__in=ids).values_list("pk", "ref"))
    return tuple(
        Sampled(refs[member], segments.explain(rule, members, int(position)).sentence)
        for position, member in zip(spread, ids, strict=True)
        if member in refs
    )


def overlaps(rule: segments.Rule, members: Profiles, *, of: Segment | None = None) -> list[Overlap]:
    """How many are also in each other segment, most first; one whose rule cannot be read is left out."""
    inside, found = segmentation.inside(rule, members), []
    find = segmentation.in_force()
    for version in SegmentVersion.objects.in_force().select_related("segment").exclude(segment=of):
        try:
            other = segmentation.parsed(version.rule, members, find=find)
        except Refused:
            continue
        (both,) = inside.counts_with([segmentation.inside(other, members)])
        found.append(Overlap(version.segment, both, both / inside.count if inside.count else 0.0))
    return sorted(found, key=lambda overlap: (-overlap.both, overlap.segment.name))


def _split(name: str, members: Profiles, inside: segments.Bitset) -> Split:
    words = members.vocabularies[name]
    having = segmentation.inside_each((segments.Comparison(name, "equals", word) for word in words), members)
    rows = zip(words, inside.counts_with(having), strict=True)
    return Split(members.features[name].label, tuple((word, count) for word, count in rows if count))


def _contactable(channel: Channel, members: Profiles, inside: segments.Bitset, *, at: dt.datetime) -> Contactable:
    known = reachable(members, channel, at=at)
    if known is None:
        return Contactable(str(channel.label), None)
    since = known.at if len(members) > AT_ONCE else None
    (count,) = inside.counts_with([known.inside])
    return Contactable(str(channel.label), count, since)
