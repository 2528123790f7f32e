"""How good the files are: what was rejected and why, what looks wrong, and whether the money adds up, over time."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings

from config.kinds import TARGETS
from loyalty import loading
from loyalty.files import rejects
from loyalty.models import Load


class Sum(NamedTuple):
    """One money column of a file: read = kept + known + rejected, and `found` in the database afterwards.

    `unread` counts the rejected rows whose amount cannot be read, which is in none of these.
    """

    column: str
    read: Decimal
    kept: Decimal
    known: Decimal
    rejected: Decimal
    found: Decimal
    unread: int

    @property
    def missing(self) -> Decimal:
        """What should be in the database and is not: anything but 0 is a fault."""
        return self.read - self.known - self.rejected - self.found


class Reason(NamedTuple):
    column: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Trend:
    """The files of one kind that were loaded in a time, oldest first."""

    kind: str
    loads: tuple[Load, ...]

    @property
    def rows(self) -> int:
        return sum(load.rows for load in self.loads)

    @property
    def rejected(self) -> int:
        return sum(load.rejected for load in self.loads)

    @property
    def unchanged(self) -> int:
        """Rows that were known already, word for word."""
        return sum(load.unchanged for load in self.loads)

    @property
    def suspicious(self) -> int:
        return sum(sum(load.quality.get("suspicious", {}).values()) for load in self.loads)

    @property
    def share_rejected(self) -> float:
        return self.rejected / self.rows if self.rows else 0.0

    @property
    def latest(self) -> Load:
        return self.loads[-1]

    @property
    def has_sums(self) -> bool:
        return any(load.quality.get("sums") for load in self.loads)

    @property
    def missing(self) -> Decimal:
        """Money that was written and is not in the database, over all columns and files."""
        return sum((abs(each.missing) for load in self.loads for each in sums(load)), Decimal(0))

    @property
    def unread(self) -> int:
        """Rejected rows of which some amount cannot be read."""
        return sum(unread(load) for load in self.loads)


def sums(load: Load) -> list[Sum]:
    """Each money column of a load's file, where rows of its kind are only ever added."""
    return [_sum(column, told) for column, told in load.quality.get("sums", {}).items()]


def unread(load: Load) -> int:
    """Rejected rows of a load of which some amount cannot be read: at least, where several columns have such."""
    return max((each.unread for each in sums(load)), default=0)


def _sum(column: str, told: Mapping[str, Any]) -> Sum:
    """Loads of before told apart only what was written of what was read."""
    read, kept, found = (Decimal(told[side]) for side in ("read", "kept", "found"))
    known = Decimal(told.get("known", 0))
    rejected = Decimal(told.get("rejected", read - kept))
    return Sum(column, read, kept, known, rejected, found, told.get("unread", 0))


def reasons(load: Load) -> list[Reason]:
    """Why rows were rejected, the most frequent reason first; loads of before have that in their rejects file only."""
    if "reasons" in load.quality:
        return [Reason(*told) for told in load.quality["reasons"]]
    path = settings.DATA / load.rejects_file
    if not load.rejects_file or not path.exists():
        return []
    return [Reason(*told) for told in rejects.reasons(path).most_frequent(loading.REASONS_KEPT)]


def trends(since: dt.datetime) -> list[Trend]:
    """The kinds of which files were loaded since then, in the order in which files are brought in."""
    loads = Load.objects.filter(state=Load.State.DONE, started_at__gte=since).order_by("started_at", "pk")
    by_kind: dict[str, list[Load]] = {kind: [] for kind in TARGETS}
    for load in loads:
        by_kind[load.kind].append(load)
    return [Trend(kind, tuple(found)) for kind, found in by_kind.items() if found]


def figure(found: list[Trend]) -> dict[str, Any] | None:
    """The share of rejected rows, file by file, a line per kind that had any; None where none had."""
    if not any(trend.rejected for trend in found):
        return None
    return {
        "data": list(_lines(trend for trend in found if trend.rejected)),
        "layout": {
            "showlegend": True,
            "yaxis": {"ticksuffix": " %", "rangemode": "tozero", "title": {"text": "Rejected rows"}},
        },
    }


def _lines(found: Iterable[Trend]) -> Iterator[dict[str, Any]]:
    for trend in found:
        shares = [100 * load.rejected / load.rows if load.rows else 0 for load in trend.loads]
        yield {
            "type": "scatter",
            "mode": "lines+markers",
            "name": trend.kind,
            "x": [load.started_at.isoformat() for load in trend.loads],
            "y": shares,
            "hovertemplate": "%{y:.2f} %<extra>" + trend.kind + "</extra>",
        }
