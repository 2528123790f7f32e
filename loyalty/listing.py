"""The list of members: found by the beginning of their reference, filtered by what they belong to, sorted."""

from dataclasses import dataclass
from typing import cast

from django.core.paginator import Paginator
from django.db.models import F, OrderBy, Q, QuerySet
from django.utils.functional import cached_property

from loyalty.models import Member

SORTS = {"ref": "ref", "joined_on": "joined_on", "tier": "tier", "home_store": "home_store__name"}
COUNTED = 10_000


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see; empty means all."""

    text: str = ""
    tier: str = ""
    store: str = ""
    sort: str = "ref"


class UpTo(Paginator):
    """Pages of the first `COUNTED` members: to count ten million for every page would take longer than to show it."""

    @cached_property
    def count(self) -> int:
        return min(self._found, COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are members beyond those that can be paged to."""
        return self._found > COUNTED

    @cached_property
    def _found(self) -> int:
        members = cast("QuerySet[Member]", self.object_list)
        return members.order_by()[: COUNTED + 1].count()


def listed(wanted: Wanted) -> QuerySet[Member]:
    rows = Member.objects.filter(_begins(wanted.text)).select_related("home_store")
    if wanted.tier:
        rows = rows.filter(tier=wanted.tier)
    if wanted.store:
        rows = rows.filter(home_store__ref=wanted.store)
    return rows.order_by(_order(wanted.sort), "ref")


def _begins(text: str) -> Q:
    """The reference as it was typed, or in one case: both are looked up in the index of references."""
    return Q(*(("ref__startswith", form) for form in {text, text.upper(), text.lower()}), _connector=Q.OR)


def _order(sort: str) -> OrderBy:
    field = F(SORTS.get(sort.removeprefix("-"), "ref"))
    return field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
