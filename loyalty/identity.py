"""Makes members one person, and undoes it. No row moves and none is lost: an alias says under whom a member counts.

Purchases, events, consents, decisions and contacts stay with the reference they came in with, and files that name it
go on finding it; whoever reads a person reads all of its members.
"""

import datetime as dt
from collections.abc import Set
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from loyalty import aliases, consent
from loyalty.models import Alias, Member, Merge, Pair, Unmerge
from loyalty.refusal import Refused


def merge(
    keep: Member,
    other: Member,
    *,
    by: User | None,
    at: dt.datetime,
    why: str,
    confidence: float | None = None,
    evidence: dict[str, Any] | None = None,
) -> Merge:
    """Count `other`, and all who count under it, under the member who stands for `keep`.

    Refused for members who are one person already, and for those of whom somebody said that they are not.
    """
    with transaction.atomic():
        aliases.hold([keep.pk, other.pk], lock="NO KEY UPDATE")
        survivor, taken = _standing_for(keep), _standing_for(other)
        if survivor == taken:
            raise Refused(f"{keep} and {other} are one person already.")
        _refuse_contradiction(keep, other)
        made = Merge.objects.create(
            kept=keep, other=taken, by=by, at=at, why=why, confidence=confidence, evidence=evidence or {}
        )
        Alias.objects.filter(survivor=taken).update(survivor=survivor)
        Alias.objects.create(member=taken, survivor=survivor, merge=made)
        _answer(keep, other, Pair.Answer.SAME, by=by, at=at)
        return made


def unmerge(merge: Merge, *, by: User | None, at: dt.datetime, why: str) -> Unmerge:
    """Let `merge.other` stand for itself again, with those merged into it, and remember that the two are not the same.

    Each gets back what it allowed on its own, less what was withdrawn while they were one. Refused if it was undone.
    """
    with transaction.atomic():
        aliases.hold([merge.other_id], lock="NO KEY UPDATE")
        if not Alias.objects.filter(merge=merge).exists():
            raise Refused(f"{merge.other} was taken out of {merge.kept} already.")
        (person,) = aliases.people([merge.other_id])
        leaving = person.side_of(merge.other_id)
        consent.part(person, leaving, source=f"as {merge.kept} and {merge.other} were one")
        undone = Unmerge.objects.create(merge=merge, by=by, at=at, why=why)
        Alias.objects.filter(merge=merge).delete()
        Alias.objects.filter(member__in=leaving).update(survivor=merge.other)
        _answer(merge.kept, merge.other, Pair.Answer.DIFFERENT, by=by, at=at)
        _take_back(person.members - leaving, leaving, by=by, at=at)
        return undone


def tell_apart(first: Member, second: Member, *, by: User | None, at: dt.datetime) -> None:
    """Remember that two members are not the same person: they are not asked about again, and no rule merges them."""
    with transaction.atomic():
        aliases.hold([first.pk, second.pk], lock="NO KEY UPDATE")
        if _standing_for(first) == _standing_for(second):
            raise Refused(f"{first} and {second} are one person now: undo the merge instead.")
        _answer(first, second, Pair.Answer.DIFFERENT, by=by, at=at)


def put_off(pair: Pair, *, at: dt.datetime) -> None:
    """Ask again after everything else that waits."""
    Pair.objects.filter(pk=pair.pk).update(put_off_at=at)


def _standing_for(member: Member) -> Member:
    """As `aliases.survivor_of`, read anew: under the lock, what the caller has in hand may be out of date."""
    alias = Alias.objects.select_related("survivor").filter(member=member).first()
    return alias.survivor if alias else member


def _refuse_contradiction(keep: Member, other: Member) -> None:
    left, right = aliases.everyone_of([keep.pk]), aliases.everyone_of([other.pk])
    told_apart = Pair.objects.filter(answer=Pair.Answer.DIFFERENT).select_related("first", "second")
    for pair in told_apart.filter(first__in=left | right, second__in=left | right).exclude(**_ends(keep, other)):
        if (pair.first_id in left) != (pair.second_id in left):
            raise Refused(
                f"Somebody said that {pair.first} and {pair.second} are not the same person: "
                f"merge those two first if that was wrong, then {keep} and {other}."
            )


def _answer(one: Member, two: Member, answer: Pair.Answer, *, by: User | None, at: dt.datetime) -> None:
    answered = {"answer": answer, "answered_by": by, "answered_at": at, "put_off_at": None}
    fresh = {"confidence": 0.0, "found_at": at}
    Pair.objects.update_or_create(**_ends(one, two), defaults=answered, create_defaults=fresh | answered)


def _take_back(staying: Set[int], leaving: Set[int], *, by: User | None, at: dt.datetime) -> None:
    """Whoever was found to be the same as somebody on the other side is not."""
    across = Q(first__in=staying, second__in=leaving) | Q(first__in=leaving, second__in=staying)
    same = Pair.objects.filter(across, answer=Pair.Answer.SAME)
    same.update(answer=Pair.Answer.DIFFERENT, answered_by=by, answered_at=at)


def _ends(one: Member, two: Member) -> dict[str, int]:
    first, second = sorted((one.pk, two.pk))
    return {"first_id": first, "second_id": second}
