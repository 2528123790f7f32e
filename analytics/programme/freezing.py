"""Keeps what each quarter came to: late purchases restate it as a new version until it is final."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.conf import settings
from django.db import transaction

from analytics import code, writing
from analytics.gathering.members import Members
from analytics.models import ProgrammeReport
from analytics.programme import judging, outcomes, people, spending, stretches
from analytics.programme.judging import Compared
from analytics.programme.quarter import Quarter
from analytics.programme.stretches import Stretch
from campaigns.models import Draw

Report = Callable[[str], None]


def freeze_all(*, as_of: dt.datetime, report: Report = lambda _: None) -> list[ProgrammeReport]:
    """Every quarter that has begun and is not final yet, of every draw."""
    return [freeze(stretch, as_of=as_of) for stretch in _unfinished(as_of, report)]


def freeze(stretch: Stretch, *, as_of: dt.datetime) -> ProgrammeReport:
    """Keep what is known of a quarter as a new version, unless the last one says the same already."""
    versions = ProgrammeReport.objects.filter(draw=stretch.draw, quarter=stretch.quarter)
    last = versions.order_by("-version").first()
    found = told(stretch, as_of=as_of)
    if last and replace(writing.read(last.body, Quarter), as_of=as_of) == found:
        return last
    text = writing.written(found)
    with transaction.atomic():
        return ProgrammeReport.objects.create(
            draw=stretch.draw,
            quarter=stretch.quarter,
            version=last.version + 1 if last else 1,
            body=text,
            digest=writing.digest(text),
            as_of=as_of,
            code=code.version(),
            is_final=as_of >= stretch.until + stretches.LATE,
        )


def told(stretch: Stretch, *, as_of: dt.datetime) -> Quarter:
    """What a quarter comes to, worked out now: everybody who was there before it began, whatever they took part in."""
    until, share = min(stretch.until, as_of), float(stretch.draw.universal_share)
    members = people.people(stretch.draw, since=stretch.began)
    before = outcomes.before(members, stretch)
    compared = Compared(members, _now(members, stretch.since, until), before, until - stretch.since)
    checks = judging.checks(compared, share)
    hidden = any(check.state == "stop" for check in checks)
    so_far = compared
    if stretch.began < stretch.since:
        so_far = Compared(members, outcomes.during(members, stretch.began, until), before, until - stretch.began)
    return Quarter(
        quarter=stretch.quarter,
        currency=settings.RETAILER_CURRENCY,
        began=stretch.began,
        since=stretch.since,
        until=until,
        closes=stretch.until,
        as_of=as_of,
        checks=checks,
        arms=judging.arms(compared, share, hidden=hidden),
        judged=() if hidden else tuple(judging.judged(compared)),
        so_far=None if hidden else judging.margin(so_far),
        costs=() if hidden else spending.of_campaigns(stretch.began, until),
    )


def _now(members: Members, since: dt.datetime, until: dt.datetime) -> outcomes.Values:
    more = {
        outcomes.PROMOTED: outcomes.promoted(members, since, until),
        outcomes.LIFETIME: outcomes.lifetime(members, since, until),
    }
    known = {name: values for name, values in more.items() if values is not None}
    return {**outcomes.during(members, since, until), **known}


def _unfinished(as_of: dt.datetime, report: Report) -> Iterator[Stretch]:
    final = set(ProgrammeReport.objects.filter(is_final=True).values_list("draw_id", "quarter"))
    for draw in Draw.objects.order_by("begins"):
        for stretch in stretches.of(draw, as_of=as_of):
            if (draw.pk, stretch.quarter) not in final:
                report(f"Adding up the quarter from {stretch.quarter:%-d %B %Y}")
                yield stretch
