"""The list of results: those that a reader wants to see, in the order wanted, and as rows of a file."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from analytics.body import Estimate
from analytics.presenting import headlines
from analytics.presenting.headlines import Line
from campaigns.models import Campaign

NO_REPORT = "none"
VERDICTS = {
    "pays": "Pays",
    "does_not_pay": "Does not pay",
    "not_yet_known": "Not yet known",
    "not_causal": "Not causal",
    NO_REPORT: "No report yet",
}
COLUMNS = (
    *("campaign_ref", "name", "state", "verdict", "sentence", "margin_per_member", "low", "high"),
    *("margin_in_total", "total_low", "total_high", "members", "outcomes_until", "as_of"),
)

Row = tuple[Campaign, Line | None]
Key = Callable[[Row], Any]


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see; empty means all, the latest outcomes first."""

    text: str = ""
    state: str = ""
    verdict: str = ""
    sort: str = ""


def listed(wanted: Wanted) -> list[Row]:
    """Every campaign that was run with the newest report of it, if there is one."""
    found = [row for row in headlines.beside(_campaigns(wanted)) if wanted.verdict in ("", _verdict(row))]
    key = SORTS.get(wanted.sort.removeprefix("-"))
    return _sorted(found, key, reverse=wanted.sort.startswith("-")) if key else found


def cells(rows: list[Row]) -> Iterator[tuple[object, ...]]:
    """In the order of `COLUMNS`; what is not told is empty."""
    for campaign, told in rows:
        known = (campaign.ref, campaign.name, campaign.state, _verdict((campaign, told)))
        if told is None:
            yield (*known, *[""] * 8, _until(campaign).isoformat(), "")
            continue
        members = sum(arm.members for arm in told.body.arms)
        numbers = (*_ends(told.headline.each), *_ends(told.headline.in_total), members)
        dates = told.body.closes.isoformat(), told.body.as_of.isoformat()
        yield (*known, told.body.verdict.sentence, *numbers, *dates)


def _campaigns(wanted: Wanted) -> QuerySet[Campaign]:
    found = Campaign.objects.measurable()
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.text:
        found = found.filter(Q(name__icontains=wanted.text) | Q(ref__icontains=wanted.text))
    return found


def _until(campaign: Campaign) -> dt.datetime:
    return campaign.measured_until  # type: ignore[attr-defined,no-any-return]  # as `measurable` annotates


def _verdict(row: Row) -> str:
    _, told = row
    return told.body.verdict.word if told else NO_REPORT


def _margin(row: Row) -> float | None:
    _, told = row
    return told.headline.each.value if told and told.headline.each else None


SORTS: dict[str, Key] = {
    "name": lambda row: row[0].name.lower(),
    "verdict": lambda row: list(VERDICTS).index(_verdict(row)),
    "margin": _margin,
    "outcomes": lambda row: row[1].body.closes if row[1] else _until(row[0]),
    "as_of": lambda row: row[1].body.as_of if row[1] else None,
}


def _sorted(rows: list[Row], key: Key, *, reverse: bool) -> list[Row]:
    """What has nothing to be sorted by comes last, whichever way."""
    known = [row for row in rows if key(row) is not None]
    return sorted(known, key=key, reverse=reverse) + [row for row in rows if key(row) is None]


def _ends(found: Estimate | None) -> tuple[object, ...]:
    return (found.value, found.low, found.high) if found else ("", "", "")
