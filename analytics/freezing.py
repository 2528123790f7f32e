"""Makes a report and keeps it: the same record gives the same bytes, and what came in later is a new version."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from analytics import code, judging, writing
from analytics.body import Body
from analytics.gathering import Gathered, Known, Version, gather
from analytics.models import Report
from campaigns.models import Campaign, Decision, Run
from loyalty.models import Purchase
from loyalty.refusal import Refused

# Late purchases and returns restate a report until then.
RESTATED_FOR = dt.timedelta(days=14)

_DECISIONS = Decision.objects.filter(run=OuterRef("pk"))


def freeze(run: Run, *, as_of: dt.datetime) -> Report:
    """Keep what is known of the run as a new version, unless the last one says the same already.

    Two weeks after the window one more version is kept, whatever it says, and none after it.
    """
    try:
        with _standing_still():
            return _freeze(run, as_of)
    except IntegrityError:  # somebody else froze it meanwhile
        return Report.objects.of(run).latest("version")


def freeze_all(*, as_of: dt.datetime) -> None:
    """As `freeze`, of every run whose report may still change."""
    for run in unfinished(as_of=as_of):
        freeze(run, as_of=as_of)


def unfinished(*, as_of: dt.datetime) -> QuerySet[Run]:
    """The runs whose outcomes are counted and whose report may still change, the oldest first."""
    counted = Run.objects.filter(outcomes_from__lt=as_of).exclude(state__in=(Run.State.PLANNING, Run.State.FAILED))
    final = Report.objects.filter(run=OuterRef("pk"), is_final=True)
    return counted.exclude(Exists(final)).filter(Exists(_DECISIONS)).order_by("outcomes_until", "pk")


def just_closed(*, as_of: dt.datetime) -> QuerySet[Run]:
    """Those of them whose window has closed, while their last report is of a time before."""
    since = Report.objects.filter(run=OuterRef("pk"), as_of__gte=OuterRef("outcomes_until"))
    return unfinished(as_of=as_of).filter(outcomes_until__lte=as_of).exclude(Exists(since))


def run_of(campaign: Campaign) -> Run:
    """The run that a report of the campaign is about; Refused where nobody was decided on."""
    run = campaign.runs.exclude(decisions=None).select_related("campaign").order_by("-pk").first()
    if run is None:
        raise Refused(f"{campaign.name} has decided on nobody yet: launch it, or load its assignments, first.")
    return run


def written(run: Run, *, as_of: dt.datetime) -> str:
    """What a report of the run would say now, as its canonical JSON; keeps nothing."""
    return writing.written(_judged(_gathered(run, as_of)))


def _freeze(run: Run, as_of: dt.datetime) -> Report:
    last = Report.objects.of(run).first()
    if last and last.is_final:
        return last
    gathered = _gathered(run, as_of)
    body = _judged(gathered)
    is_final = as_of >= run.outcomes_until + RESTATED_FOR
    if last and not is_final and replace(last.told, as_of=as_of) == body:
        return last
    text = writing.written(body)
    return Report.objects.create(
        campaign=run.campaign,
        run=run,
        version=last.version + 1 if last else 1,
        body=text,
        digest=writing.digest(text),
        as_of=as_of,
        last_line=Purchase.objects.aggregate(last=Max("pk"))["last"] or 0,
        clip_at=dict(gathered.clip_at),
        code=code.version(),
        is_final=is_final,
    )


def _gathered(run: Run, as_of: dt.datetime) -> Gathered:
    return gather(run, as_of=as_of, known=_known(run))


def _known(run: Run) -> Known | None:
    """What the versions so far fixed, the first of them before anyone saw an outcome."""
    versions = Report.objects.of(run).order_by("version")
    first = versions.first()
    if first is None:
        return None
    known = versions.values_list("last_line", "as_of")
    return Known(first.clip_at, [Version(*each) for each in known], first.told.promise)


def _judged(gathered: Gathered) -> Body:
    return judging.judge(gathered, currency=settings.RETAILER_CURRENCY)


@contextmanager
def _standing_still() -> Iterator[None]:
    """A transaction whose every query sees the record at one moment, unless there is one already."""
    already = connection.in_atomic_block
    with transaction.atomic():
        if not already:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
