"""Makes members one person, and undoes it. No row moves and none is lost: an alias says under whom a member counts.

Purchases, events, consents, decisions and contacts stay with the reference they came in with, and files that name it
go on finding it; whoever reads a person reads all of its members.
"""

import datetime as dt
from collections.abc import Mapping, Set
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from loyalty import aliases, consent
from loyalty.models import Alias, Member, Merge, Pair, Unmerge
from loyalty.refusal import Refused


def keeper(one: Member, two: Member) -> tuple[Member, Member]:
    """Which of two goes on, and which is merged into it: the one who joined first, or else was known first, goes on."""
    first, second = sorted((one, two), key=lambda member: (member.joined_on or dt.date.max, member.pk))
    return first, second


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
        survivors = aliases.hold([keep.pk, other.pk], lock="NO KEY UPDATE")
        survivor, taken = survivors[keep.pk], survivors[other.pk]
        if survivor == taken:
            raise Refused(f"{keep} and {other} are one person already.")
        _refuse_contradiction(keep, other, survivors)
        told = {"by": by, "at": at, "why": why, "confidence": confidence, "evidence": evidence or {}}
        made = Merge.objects.create(kept=keep, other_id=taken, **told)
        Alias.objects.filter(survivor=taken).update(survivor=survivor)
        Alias.objects.create(member_id=taken, survivor_id=survivor, merge=made)
        _answer(keep.pk, other.pk, Pair.Answer.SAME, by=by, at=at)
        return made


def unmerge(merge: Merge, *, by: User | None, at: dt.datetime, why: str) -> Unmerge:
    """Let `merge.other` stand for itself again, with those merged into it, and remember that the two are not the same.

    Each gets back what it allowed on its own, less what was withdrawn while they were one. Refused if it was undone,
    and without a reason.
    """
    if not why.strip():
        raise Refused(
            f"Say why {merge.kept} and {merge.other} are not one person: whoever asks later will want to know."
        )
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
        _answer(merge.kept_id, merge.other_id, Pair.Answer.DIFFERENT, by=by, at=at)
        _take_back(person.members - leaving, leaving, by=by, at=at)
        return undone


def tell_apart(first: Member, second: Member, *, by: User | None, at: dt.datetime) -> None:
    """Remember that two members are not the same person: they are not asked about again, and no rule merges them."""
    with transaction.atomic():
        survivors = aliases.hold([first.pk, second.pk], lock="NO KEY UPDATE")
        if survivors[first.pk] == survivors[second.pk]:
            raise Refused(f"{first} and {second} are one person now: undo the merge instead.")
        _answer(first.pk, second.pk, Pair.Answer.DIFFERENT, by=by, at=at)


def merges_of(member: Member) -> QuerySet[Merge]:
    """The open merges of the person that a member is or belongs to, for `loyalty/_identity.html`."""
    return Merge.objects.told().filter(alias__survivor=aliases.survivor_of(member))


def put_off(pair: Pair, *, at: dt.datetime) -> None:
    """Ask again after everything else that waits."""
    Pair.objects.filter(pk=pair.pk).update(put_off_at=at)


def _refuse_contradiction(keep: Member, other: Member, survivors: Mapping[int, int]) -> None:
    told_apart = Pair.objects.filter(answer=Pair.Answer.DIFFERENT, first__in=survivors, second__in=survivors)
    for pair in told_apart.exclude(**_ends(keep.pk, other.pk)):
        if survivors[pair.first_id] != survivors[pair.second_id]:
            raise Refused(
                f"Somebody said that {pair.first} and {pair.second} are not the same person: "
                f"merge those two first if that was wrong, then {keep} and {other}."
            )


def _answer(one: int, two: int, answer: Pair.Answer, *, by: User | None, at: dt.datetime) -> None:
    answered = {"answer": answer, "answered_by": by, "answered_at": at, "put_off_at": None}
    pair = Pair(**_ends(one, two), confidence=0.0, found_at=at, **answered)
    Pair.objects.bulk_create(
        [pair], update_conflicts=True, unique_fields=["first", "second"], update_fields=list(answered)
    )


def _take_back(staying: Set[int], leaving: Set[int], *, by: User | None, at: dt.datetime) -> None:
    """Whoever was found to be the same as somebody on the other side is not."""
    across = Q(first__in=staying, second__in=leaving) | Q(first__in=leaving, second__in=staying)
    same = Pair.objects.filter(across, answer=Pair.Answer.SAME)
    same.update(answer=Pair.Answer.DIFFERENT, answered_by=by, answered_at=at)


def _ends(one: int, two: int) -> dict[str, int]:
    return {"first_id": min(one, two), "second_id": max(one, two)}
