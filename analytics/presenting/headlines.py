"""What reports come to in one line each: of campaigns in a list, and of a report's versions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from analytics import telling
from analytics.body import Body, Estimate, Judged, Verdict
from analytics.models import Report
from campaigns.models import Campaign


@dataclass(frozen=True)
class Headline:
    """What a reader may go by: per member and in total, all None where nothing may be told or nothing is causal."""

    verdict: Verdict
    each: Estimate | None
    in_total: Estimate | None
    margin: Judged | None


@dataclass(frozen=True)
class Line:
    """A report in one line of a list."""

    body: Body
    headline: Headline


@dataclass(frozen=True)
class Version:
    """One version of a report, and what it said."""

    number: int
    as_of: dt.datetime
    is_final: bool
    headline: Headline


def headline(body: Body) -> Headline:
    margin = telling.margin(body) if body.causal else None
    if margin is None:
        return Headline(body.verdict, None, None, None)
    return Headline(body.verdict, telling.in_force(body, margin), telling.in_total(body, margin), margin)


def line(body: Body) -> Line:
    return Line(body, headline(body))


def beside(campaigns: Iterable[Campaign]) -> list[tuple[Campaign, Line | None]]:
    """Each campaign with the newest report of it, if there is one."""
    asked = list(campaigns)
    newest = {each.campaign_id: each.told for each in Report.objects.newest().filter(campaign__in=asked)}
    return [(campaign, line(newest[campaign.pk]) if campaign.pk in newest else None) for campaign in asked]


def versions(reports: Iterable[Report]) -> list[Version]:
    """What each version said, in the order given."""
    return [Version(each.version, each.as_of, each.is_final, headline(each.told)) for each in reports]
