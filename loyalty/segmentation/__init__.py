"""Segments and their rules: reading, counting and saving them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from loyalty import clock, profiles
from loyalty.models import Segment, SegmentVersion, Snapshot
from loyalty.profiling import segments
from loyalty.profiling.parsing import Find
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.segmentation import protecting

NO_PROFILES = "There are no member profiles yet: load purchases, then build profiles of them."
ROOM_BYTES = 256 * 2**20

# What this process has looked up already; a condition on ten million members takes 1.25 MB.
_kept = segments.Bitsets(ROOM_BYTES)


def current_profiles(*, on: dt.date) -> Profiles:
    """The newest profiles as they may be relied on today; Refused while there are none."""
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None:
        raise Refused(NO_PROFILES)
    return profiles.opened(snapshot, on=on)


def in_force() -> Find:
    """Finds a segment by its number, with the version in force; asks the database once, at the first question."""

    @cache
    def known() -> dict[int, segments.Saved]:
        found = SegmentVersion.objects.in_force().values_list("segment", "segment__name", "rule")
        return {number: segments.Saved(name, rule) for number, name, rule in found}

    return lambda number: known().get(number)


def parsed(rule: Any, members: Profiles, *, of: Segment | None = None, find: Find | None = None) -> segments.Rule:
    """The rule as a tree, with the rules in force of the segments it asks for; Refused with what is wrong with it.

    `of` is the segment it is the rule of, which it may not ask for. For many rules, pass one `find` from `in_force`.
    """
    within = ((of.pk, of.name),) if of else ()
    try:
        return segments.parse(rule, members.features, members.vocabularies, find=find or in_force(), within=within)
    except segments.RuleError as error:
        raise Refused(error.sentence) from None


def inside(rule: segments.Rule, members: Profiles) -> segments.Bitset:
    """The members a rule matches, by what this process has kept of them; Refused where it cannot be told."""
    try:
        return segments.bitset(rule, members, _kept)
    except segments.RuleError as error:
        raise Refused(error.sentence) from None


def inside_each(conditions: Iterable[segments.Comparison], members: Profiles) -> list[segments.Bitset]:
    """The members of each condition, looked up together where they are not kept."""
    asked = list(conditions)
    found = _kept.of(asked, members)
    return [found[condition] for condition in asked]


class Overtaken(Refused):
    """Somebody else saved a version since the one that was changed here."""


def save(
    segment: Segment | None, *, name: str, rule: Any, by: User | None, at: dt.datetime, after: int | None = None
) -> SegmentVersion:
    """Save a rule as the next version of a segment, or as a new segment; saving an unchanged rule only renames it.

    `after` is the number of the version that was changed: Overtaken where another rule was saved since. Refused also
    for a rule that would single out a few members by something sensitive.
    """
    members = current_profiles(on=clock.local_day(at))
    if not name.strip():
        raise Refused("Give the segment a name, so that it can be chosen for a campaign.")
    with transaction.atomic():
        _lock_all()
        tree = parsed(rule, members, of=segment)
        newest = segment.versions.first() if segment else None
        _refuse_overtaken(newest, after, rule)
        segment = _named(segment, name.strip(), by=by, at=at)
        if newest and newest.rule == rule:
            return newest
        protecting.refuse_singling_out(tree, members, inside)
        number = newest.number + 1 if newest else 1
        matching = inside(tree, members).count
        return SegmentVersion.objects.create(
            segment=segment, number=number, rule=rule, matching=matching, saved_by=by, saved_at=at
        )


def _refuse_overtaken(newest: SegmentVersion | None, after: int | None, rule: Any) -> None:
    if newest is None or after is None or newest.number == after or newest.rule == rule:
        return
    who = (newest.saved_by.get_full_name() or newest.saved_by.username) if newest.saved_by else "Somebody"
    raise Overtaken(
        f"{who} saved version {newest.number} while you changed version {after}: look at both changes, "
        "and save again to make yours the next version."
    )


def users_of(segment: Segment) -> list[Segment]:
    """The other segments whose rule in force asks for this one."""
    newest = SegmentVersion.objects.in_force().select_related("segment")
    return sorted((each.segment for each in newest if segment.pk in asked_for(each.rule)), key=lambda user: user.name)


def asked_for(rule: Any) -> set[int]:
    """The numbers of the segments that a rule's JSON asks for."""
    return set(_asked_for(rule))


def _asked_for(rule: Any) -> Iterator[int]:
    match rule:
        case {"segment": number}:
            yield number
        case {"all": parts} | {"any": parts}:
            for part in parts:
                yield from _asked_for(part)
        case {"not": part}:
            yield from _asked_for(part)


def _lock_all() -> None:
    """One save at a time: two that cross could each ask for the other's segment, and neither would see it."""
    list(Segment.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _named(segment: Segment | None, name: str, *, by: User | None, at: dt.datetime) -> Segment:
    taken = Segment.objects.filter(name=name).first()
    if taken and taken != segment:
        raise Refused(f"There is a segment called “{name}” already: choose another name.")
    if segment is None:
        return Segment.objects.create(name=name, created_by=by, created_at=at)
    segment = Segment.objects.get(pk=segment.pk)
    segment.name = name
    segment.save(update_fields=["name"])
    return segment
