"""What happened between a member and us, newest first, cut into pages by time.

A page ends at a moment, and the next one begins before it: pages neither overlap nor leave anything out, and a page of
ten years ago costs what the first one does. Every question is about one member and a span of time, which is what the
tables are indexed by. Things of one moment are always on one page.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from campaigns.models import Decision, Delivery
from loyalty.events import meanings
from loyalty.events.meanings import EventKind
from loyalty.models import Consent, Event, Purchase

PER_PAGE = 20
# Of one moment or basket more is not shown, whatever a file says.
MOST_AT_ONCE = 1_000
MOST_LINES = 100
NEWEST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)

_PURCHASE_MOMENTS = """
    WITH RECURSIVE bought (at) AS (
        (SELECT purchased_at FROM loyalty_purchase WHERE member_id = %(member)s AND purchased_at < %(before)s
         ORDER BY purchased_at DESC LIMIT 1)
        UNION ALL
        SELECT (SELECT purchased_at FROM loyalty_purchase WHERE member_id = %(member)s AND purchased_at < bought.at
                ORDER BY purchased_at DESC LIMIT 1)
        FROM bought WHERE bought.at IS NOT NULL
    )
    SELECT at FROM bought WHERE at IS NOT NULL LIMIT %(most)s
"""


@dataclass(frozen=True)
class Entry:
    """Something that happened: `what` is a Basket, Happening, Delivery, Decision, Consent or sentence by its `kind`."""

    at: dt.datetime
    kind: str
    what: Any


class Basket(NamedTuple):
    """Lines bought together, the first `MOST_LINES` of them, and the amount paid for all."""

    lines: Sequence[Purchase]
    size: int
    net_amount: Any

    @property
    def more(self) -> int:
        return self.size - len(self.lines)


class Happening(NamedTuple):
    event: Event
    kind: EventKind


@dataclass(frozen=True)
class Page:
    """Entries, newest first; `earlier` is the moment before which the next page begins, None on the last one."""

    entries: tuple[Entry, ...]
    earlier: dt.datetime | None


class Source(NamedTuple):
    """`moments(members, before, most)` are the newest of a kind, `entries(members, since, before)` all of a span."""

    moments: Callable[[Sequence[int], dt.datetime, int], Iterable[dt.datetime]]
    entries: Callable[[Sequence[int], dt.datetime, dt.datetime], Iterable[Entry]]


def page(members: Sequence[int], *, before: dt.datetime, kind: str = "", told: Sequence[Entry] = ()) -> Page:
    """The newest entries before a moment of these members, who are one person; of one `kind`, or of all.

    `told` are entries that the caller knows of.
    """
    sources = [Source(*_given([each for each in told if kind in ("", each.kind)])), *_sources(kind)]
    found = [moment for source in sources for moment in source.moments(members, before, PER_PAGE + 1)]
    newest = sorted(found, reverse=True)[:PER_PAGE]
    since = newest[-1] if newest else before
    entries = [entry for source in sources for entry in source.entries(members, since, before)]
    has_more = len(found) > PER_PAGE and any(any(source.moments(members, since, 1)) for source in sources)
    return Page(tuple(sorted(entries, key=lambda entry: entry.at, reverse=True)), since if has_more else None)


def _sources(kind: str) -> list[Source]:
    return [source for name, source in SOURCES.items() if kind in ("", name)]


def _given(entries: Sequence[Entry]) -> tuple[Any, Any]:
    def moments(_: Sequence[int], before: dt.datetime, most: int) -> list[dt.datetime]:
        return sorted((each.at for each in entries if each.at < before), reverse=True)[:most]

    def within(_: Sequence[int], since: dt.datetime, before: dt.datetime) -> list[Entry]:
        return [each for each in entries if since <= each.at < before]

    return moments, within


def _of(kind: str, rows: QuerySet[Any], what: Callable[[Any], Any] = lambda row: row) -> Source:
    """Rows of a table that has `member` and `at`."""

    def moments(members: Sequence[int], before: dt.datetime, most: int) -> list[dt.datetime]:
        newest = rows.filter(member__in=members, at__lt=before).order_by("-at")
        return list(newest.values_list("at", flat=True)[:most])

    def entries(members: Sequence[int], since: dt.datetime, before: dt.datetime) -> Iterator[Entry]:
        found = rows.filter(member__in=members, at__gte=since, at__lt=before).order_by("-at", "-pk")
        return (Entry(row.at, kind, what(row)) for row in found[:MOST_AT_ONCE])

    return Source(moments, entries)


def _purchase_moments(members: Sequence[int], before: dt.datetime, most: int) -> Iterator[dt.datetime]:
    """The moments of the newest baskets: each is looked up by the one after it, however many lines a basket has."""
    with connection.cursor() as cursor:
        for member in members:
            cursor.execute(_PURCHASE_MOMENTS, {"member": member, "before": before, "most": most})
            yield from (at for (at,) in cursor)


def _baskets(members: Sequence[int], since: dt.datetime, before: dt.datetime) -> Iterator[Entry]:
    """The baskets of a span: the database counts and adds up, and only the lines that are shown come here."""
    lines = Purchase.objects.filter(member__in=members, purchased_at__gte=since, purchased_at__lt=before)
    summed = lines.values("purchased_at", "basket_ref").annotate(size=Count("*"), paid=Sum("net_amount"))
    baskets = list(summed.order_by("-purchased_at", "basket_ref")[:MOST_AT_ONCE])
    shown = _first_lines(lines, {each["basket_ref"] for each in baskets})
    for each in baskets:
        key = each["purchased_at"], each["basket_ref"]
        yield Entry(each["purchased_at"], "purchase", Basket(shown[key], each["size"], each["paid"]))


def _first_lines(lines: QuerySet[Purchase], baskets: Collection[str]) -> dict[tuple[dt.datetime, str], list[Purchase]]:
    place = Window(RowNumber(), partition_by=["purchased_at", "basket_ref"], order_by="line_ref")
    first = lines.filter(basket_ref__in=baskets).annotate(place=place).filter(place__lte=MOST_LINES)
    found: defaultdict[tuple[dt.datetime, str], list[Purchase]] = defaultdict(list)
    for line in first.select_related("product", "store").order_by("line_ref"):
        found[line.purchased_at, line.basket_ref].append(line)
    return found


def _happening(event: Event) -> Happening:
    return Happening(event, meanings.of(event.kind))


_DECISIONS = Decision.objects.select_related(
    "run__campaign",
    "run_offer__offer",
    "run_offer__approval__terms",
    "withheld__offer",
    "withheld__approval__terms",
    "member",
)
_DELIVERIES = Delivery.objects.select_related("run__campaign", "run_offer__offer", "run_offer__approval__terms")
KINDS = {
    "purchase": "Purchases",
    "event": "Events",
    "message": "Messages",
    "decision": "Decisions",
    "consent": "Consents",
    "stage": "Stages",
}
SOURCES = {
    "purchase": Source(_purchase_moments, _baskets),
    "event": _of("event", Event.objects.select_related("product"), _happening),
    "message": _of("message", _DELIVERIES),
    "decision": _of("decision", _DECISIONS),
    "consent": _of("consent", Consent.objects.all()),
}
