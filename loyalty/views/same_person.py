"""Are these two the same person? The queue of pairs that share an address."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from loyalty import aliases, clock, identity, masking, numerals, preferences, roles
from loyalty.htmx import HtmxRequest
from loyalty.models import Contact, Linking, Member, Pair, Purchase
from loyalty.models.consent import Channel
from loyalty.refusal import Refused

TEMPLATE = "loyalty/same_person.html"
QUEUE = f"{TEMPLATE}#queue"
MOST_LISTED = 15  # few enough that a phone shows the case below them
WORK = "decides who is the same person"
BY_HAND = "found to be the same person"
UNKNOWN = "–"
_LABELS = {
    "email": "E-mail",
    "phone": "Phone",
    "first_name": "First name",
    "last_name": "Last name",
    "birth_year": "Born",
    "postcode": "Postcode",
}


class Row(NamedTuple):
    """One fact of two members side by side; `word` is "agrees", "differs", or empty where that says nothing."""

    label: str
    first: str
    second: str
    word: str = ""


@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    queue = _queue(numerals.whole(request.GET.get("pair", "")))
    return render(request, QUEUE if request.htmx else TEMPLATE, queue)


@require_POST
@roles.only(roles.OPERATOR, WORK)
def same(request: HtmxRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, _merge, "{0} and {1} are one person now.")


@require_POST
@roles.only(roles.OPERATOR, WORK)
def different(request: HtmxRequest, pk: int) -> HttpResponse:
    return _answer(
        request, pk, _tell_apart, "{0} and {1} are not the same person, and nobody is asked about them again."
    )


@require_POST
@roles.only(roles.OPERATOR, WORK)
def later(request: HtmxRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, _put_off, "{0} and {1} come again after all others.")


def _merge(request: HtmxRequest, pair: Pair) -> None:
    keep, other = identity.keeper(pair.first, pair.second)
    if request.POST.get("keep") == other.ref:
        keep, other = other, keep
    told = {"confidence": pair.confidence, "evidence": pair.evidence}
    identity.merge(keep, other, by=_who(request), at=clock.now(), why=BY_HAND, **told)


def _tell_apart(request: HtmxRequest, pair: Pair) -> None:
    identity.tell_apart(pair.first, pair.second, by=_who(request), at=clock.now())


def _put_off(request: HtmxRequest, pair: Pair) -> None:
    identity.put_off(pair, at=clock.now())


def _answer(request: HtmxRequest, pk: int, verb: Callable[[HtmxRequest, Pair], None], sentence: str) -> HttpResponse:
    """Carry an answer out and show what waits next; a refusal shows the same pair again."""
    pair = get_object_or_404(Pair.objects.select_related("first", "second"), pk=pk)
    try:
        verb(request, pair)
    except Refused as refusal:
        context = _queue(pk) | {"refusal": str(refusal)}
        return render(request, QUEUE if request.htmx else TEMPLATE, context, status=409)
    done = sentence.format(pair.first, pair.second)
    if request.htmx:
        return render(request, QUEUE, _queue(None) | {"done": done})
    messages.success(request, done)
    return redirect("same_person")


def _queue(pk: int | None) -> dict[str, Any]:
    """How many pairs wait, the first of them, and the one to look at now: the one asked for, else the first."""
    rows = Pair.objects.waiting().select_related("first__contact", "second__contact")
    waiting = list(rows[:MOST_LISTED])
    chosen = (rows.filter(pk=pk).first() if pk else None) or (waiting[0] if waiting else None)
    queue = {
        "waiting": waiting,
        "total": rows.count() if len(waiting) == MOST_LISTED else len(waiting),
        "gone": bool(pk and chosen and chosen.pk != pk),
        "linking": Linking.objects.first(),
    }
    return queue | (_case(chosen) if chosen else {})


def _case(pair: Pair) -> dict[str, Any]:
    """What the operator needs to decide on this pair: what each record says, masked, and what each did."""
    keep, _ = identity.keeper(pair.first, pair.second)
    return {
        "pair": pair,
        "keep": keep,
        "rows": [*_identity_rows(pair), *_habit_rows(pair)],
        "with_others": aliases.everyone_of([pair.first_id, pair.second_id]).keys() - {pair.first_id, pair.second_id},
    }


def _identity_rows(pair: Pair) -> list[Row]:
    first, second = (_told(member) for member in (pair.first, pair.second))
    return [
        Row(label, first[field] or UNKNOWN, second[field] or UNKNOWN, pair.evidence.get(field, ""))
        for field, label in _LABELS.items()
    ]


def _told(member: Member) -> dict[str, str]:
    contact = getattr(member, "contact", None) or Contact(member=member)
    return {
        "email": masking.email(contact.email),
        "phone": masking.phone(contact.phone),
        "first_name": masking.name(contact.first_name, ""),
        "last_name": masking.name("", contact.last_name),
        "birth_year": masking.year(member.birth_year),
        "postcode": masking.postcode(member.postcode),
    }


def _habit_rows(pair: Pair) -> list[Row]:
    """What the two did, which nobody computed with: for a person to judge by."""
    ends = [pair.first, pair.second]
    bought = {
        row["member"]: row
        for row in Purchase.objects.filter(member__in=ends)
        .values("member")
        .annotate(baskets=Count("basket_ref", distinct=True), last=Max("purchased_at"))
    }
    joined = [f"{each.joined_on:%-d %b %Y}" if each.joined_on else UNKNOWN for each in ends]
    baskets = [f"{row['baskets']:,}" if (row := bought.get(each.pk)) else "none" for each in ends]
    last = [f"{row['last']:%-d %b %Y}" if (row := bought.get(each.pk)) else UNKNOWN for each in ends]
    allows = [_allowed(each) for each in ends]
    labels = ("Joined", "Baskets", "Last bought", "Allows")
    return [Row(label, *both) for label, both in zip(labels, (joined, baskets, last, allows), strict=True)]


def _allowed(member: Member) -> str:
    allowed = (channel for (_, channel), on in preferences.allows(member).items() if on)
    return ", ".join(Channel(each).label if each else "personal choice" for each in allowed) or "nothing"


def _who(request: HtmxRequest) -> User:
    return cast("User", request.user)
