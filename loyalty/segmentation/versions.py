"""The versions of a segment: each in words, with what it changed and the sensitive details it looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from loyalty import segmentation
from loyalty.models import Segment, SegmentVersion
from loyalty.profiling import segments
from loyalty.profiling.difference import Difference, differences
from loyalty.profiling.outdated import outdated
from loyalty.profiling.parsing import Find
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.segmentation import protecting


@dataclass(frozen=True)
class Told:
    """A version with its rule in words, or why that no longer reads: a feature can leave the profiles.

    `sensitive` are the labels of sensitive features it looks at, `outdated` the fields it looks at by why they are
    stale, and `changes` is what is different from the version before.
    """

    version: SegmentVersion
    words: str
    rule: segments.Rule | None = None
    sensitive: tuple[str, ...] = ()
    changes: tuple[Difference, ...] = ()
    outdated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def of(segment: Segment, members: Profiles) -> list[Told]:
    """Every version of a segment, newest first."""
    find = segmentation.in_force()
    read = [told(version, members, find) for version in segment.versions.select_related("segment", "saved_by")]
    return [_compared(new, old, members) for new, old in pairwise(read)] + read[-1:]


def apart(segment: Segment, number: int, rule: Any, members: Profiles) -> tuple[tuple[Difference, ...], ...]:
    """What the version in force changed since an earlier one, and what a rule would change that was made of that one.

    Nothing where one of them no longer reads.
    """
    find = segmentation.in_force()
    base = segment.versions.filter(number=number).first()
    try:
        mine = segmentation.parsed(rule, members, of=segment, find=find)
        ours = [segmentation.parsed(each.rule, members, find=find) for each in (base, segment.current()) if each]
    except Refused:
        return (), ()
    if len(ours) < 2:
        return (), ()
    before, theirs = ours
    return differences(before, theirs, members.features), differences(before, mine, members.features)


def told(version: SegmentVersion, members: Profiles, find: Find) -> Told:
    """One version, with the segments it asks for as `find` knows them."""
    try:
        rule = segmentation.parsed(version.rule, members, find=find)
    except Refused as refusal:
        return Told(version, str(refusal))
    words, late = segments.in_words(rule, members.features), outdated(rule, members)
    return Told(version, words, rule, protecting.sensitive(rule, members), outdated=late)


def _compared(new: Told, old: Told, members: Profiles) -> Told:
    if new.rule is None or old.rule is None:
        return new
    return replace(new, changes=differences(old.rule, new.rule, members.features))
