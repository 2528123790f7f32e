"""The list of offers: what each one gives, and what is being done about it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Func, OrderBy, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Trim

from offers.models import Terms

SORTS = {
    "name": "name",
    "ref": "offer__ref",
    "kind": "kind",
    "department": "for_department",
    "valid_until": "valid_until",
    "state": "newest_state",
}
VALIDITIES = {"live": "Can be used today", "coming": "Not yet begun", "over": "Over"}


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see; empty means all. `state` is that of the newest terms, or approved for any of them."""

    q: str = ""
    state: str = ""
    department: str = ""
    validity: str = ""
    sort: str = "name"


def listed(wanted: Wanted, *, on: dt.date) -> QuerySet[Any]:
    """One row per offer: its newest approved terms, else its newest.

    `newest_number` and `newest_state` tell of the newest terms, `for_department` the first part of the category.
    """
    rows = _one_per_offer().filter(_says(wanted.q) & _stands(wanted.state) & _holds(wanted.validity, on))
    if wanted.department:
        rows = rows.filter(for_department=wanted.department)
    return rows.order_by(_order(wanted.sort), "pk").select_related("offer", "product", "author")


def departments() -> list[str]:
    """The departments that offers are for, in order."""
    named = _one_per_offer().exclude(for_department="")
    return list(named.order_by("for_department").values_list("for_department", flat=True).distinct())


def _one_per_offer() -> QuerySet[Any]:
    is_approved = Case(When(state=Terms.State.APPROVED, then=1), default=0)
    shown = Terms.objects.order_by("offer_id", is_approved.desc(), "-number").distinct("offer_id")
    newest = Terms.objects.filter(offer=OuterRef("offer")).order_by("-number")
    first_part = Func(F("category"), Value(">"), Value(1), function="split_part", output_field=TextField())
    return Terms.objects.filter(pk__in=shown.values("pk")).annotate(
        newest_number=Subquery(newest.values("number")[:1]),
        newest_state=Subquery(newest.values("state")[:1]),
        for_department=Trim(first_part),
    )


def _says(text: str) -> Q:
    places = ("name", "offer__ref", "category", "product__name", "product__ref")
    matches = Q()
    for word in text.split():
        matches &= Q(*((f"{place}__icontains", word) for place in places), _connector=Q.OR)
    return matches


def _stands(state: str) -> Q:
    if state == Terms.State.APPROVED:
        return Q(state=state)
    return Q(newest_state=state) if state in Terms.State.values else Q()


def _holds(validity: str, on: dt.date) -> Q:
    begun = Q(valid_from=None) | Q(valid_from__lte=on)
    over = Q(valid_until__lt=on)
    return {"live": begun & ~over, "coming": ~begun, "over": over}.get(validity, Q())


def _order(sort: str) -> OrderBy:
    field = F(SORTS.get(sort.removeprefix("-"), "name"))
    return field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
