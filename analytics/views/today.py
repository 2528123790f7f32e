"""Today: what needs me?"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import F, Max
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from analytics.models import ProgrammeCost, ProgrammeReport
from analytics.presenting import headlines, programme
from campaigns import chunks
from campaigns.models import Campaign, Run
from loyalty import clock, profiles
from loyalty.htmx import HtmxRequest
from loyalty.models import Load, Member, Snapshot
from loyalty.profiling import freshness
from loyalty.refusal import Refused
from offers.models import Terms

STALE_AFTER = dt.timedelta(days=2)
RECENT = dt.timedelta(days=7)


class Alarm(NamedTuple):
    """Something that is wrong, and where to mend it."""

    sentence: str
    href: str
    verb: str


@require_safe
def today(request: HtmxRequest) -> HttpResponse:
    now, day = clock.now(), clock.today()
    page = {
        "today": day,
        "alarms": list(_alarms(now, day)),
        "waiting": Terms.objects.filter(state=Terms.State.SUBMITTED).select_related("offer", "author").order_by("pk"),
        "returned": _returned(request),
        "working": [(run, chunks.progress(run)) for run in Run.objects.unfinished().select_related("campaign")],
        "running": list(_running(now)),
        "drafts": Campaign.objects.filter(state=Campaign.State.DRAFT).select_related("created_by")[:5],
        "finished": headlines.beside(Campaign.objects.measurable().filter(state=Campaign.State.FINISHED)[:5]),
        "programme": programme.presented(ProgrammeReport.objects.newest(), list(ProgrammeCost.objects.all())),
        "empty": not Member.objects.exists(),
    }
    return render(request, "analytics/today.html", page)


def _alarms(now: dt.datetime, day: dt.date) -> Iterator[Alarm]:
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None and Member.objects.exists():
        yield Alarm("There are no member profiles yet, so nothing can be decided.", reverse("profiles"), "Build them")
    if snapshot and snapshot.as_of < day - STALE_AFTER:
        sentence = f"Member profiles are of {snapshot.as_of:%-d %B %Y}: newer purchases are not in them."
        yield Alarm(sentence, reverse("profiles"), "Build new ones")
    if snapshot:
        yield from _of_profiles(snapshot, day)
    for run in Run.objects.filter(state=Run.State.FAILED, finished_at__gte=now - RECENT).select_related("campaign"):
        yield Alarm(f"The run of {run.campaign} failed. {run.sentence}", reverse("run", args=[run.pk]), "See it")
    for load in Load.objects.filter(state=Load.State.REFUSED, started_at__gte=now - RECENT)[:5]:
        yield Alarm(f"{load.file_name} could not be loaded. {load.sentence}", reverse("load", args=[load.pk]), "See it")


def _of_profiles(snapshot: Snapshot, day: dt.date) -> Iterator[Alarm]:
    try:
        known = profiles.worded(snapshot)
    except Refused as damaged:
        yield Alarm(str(damaged), reverse("profiles"), "Build new ones")
        return
    for sentence in freshness.silent(known, on=day).values():
        yield Alarm(sentence, reverse("loads"), "Load newer ones")


def _returned(request: HtmxRequest) -> list[Terms]:
    """Terms of mine that came back and were not taken up again."""
    mine = Terms.objects.filter(state=Terms.State.RETURNED, author=request.user.pk).select_related("offer")
    return list(mine.alias(newest=Max("offer__terms__number")).filter(number=F("newest")))


def _running(now: dt.datetime) -> Iterator[dict[str, object]]:
    """Campaigns whose outcomes still count: how far their window is, in days."""
    sent = Run.objects.filter(campaign__in=Campaign.objects.running(), state=Run.State.FINISHED)
    runs = {run.campaign: run for run in sent.select_related("campaign")}
    for campaign, told in headlines.beside(runs):
        run = runs[campaign]
        days = (run.outcomes_until - run.outcomes_from).days
        past = min((now - run.outcomes_from).days, days)
        yield {"campaign": campaign, "told": told, "past": past, "days": days, "left": days - past}
