"""Reads what scorers learn from out of the log: decisions that chance made, and whose outcome window has closed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from django.db.models import QuerySet

from campaigns import responses
from campaigns.models import Campaign, Run
from campaigns.models.decision import HELD_OUT
from campaigns.responses import Decided
from campaigns.scoring.draws import observed_chances
from campaigns.training.past import Past
from loyalty import clock, profiles
from loyalty.models import Snapshot
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from offers import catalog

Report = Callable[[str], None]

# Where purchases carry no margin, this share of what is spent stands in for it.
MARGIN_SHARE = 0.25
# Profiles so many days older than a run still say who its members were; otherwise they are built for its day.
OLDEST_DAYS = 7


@dataclass(frozen=True)
class Log:
    """What can be learned from, by the day it began, and in a sentence each what had to be left out."""

    past: list[Past] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read(*, at: dt.datetime, report: Report) -> Log:
    """Every run that let chance decide and whose outcome window has closed by `at`."""
    log = Log()
    for run in _closed(at).select_related("campaign").order_by("outcomes_from", "pk"):
        report(f"Reading what came of {run.campaign.name}")
        try:
            past = _past(run, at=at)
        except Refused as refusal:
            log.left_out.append(f"{run.campaign.name}: {refusal}")
            continue
        if len(past):
            log.past.append(past)
    return log


def _closed(at: dt.datetime) -> QuerySet[Run]:
    randomised = Run.objects.filter(campaign__design=Campaign.Design.RANDOMISED, state=Run.State.FINISHED)
    return randomised.filter(outcomes_until__lte=at, campaign__imported=True)


def _past(run: Run, *, at: dt.datetime) -> Past:
    everyone = _profiles(run, at=at)
    terms = catalog.terms_table((each.terms for each in run.offers.order_by("position")), everyone)
    decided = responses.decided(run)
    counts = _told(decided) & np.isin(decided.member_ids, everyone.member_ids)
    totals = responses.totals(decided.member_ids, since=run.outcomes_from, until=run.outcomes_until)
    offer = np.where(decided.arm == HELD_OUT, -1, decided.run_offer)[counts].astype(np.int32)
    return Past(
        run=run.pk,
        day=clock.local_day(run.outcomes_from),
        until=run.outcomes_until,
        offer=offer,
        design=np.zeros(len(offer), dtype=np.int32),
        chances=observed_chances(offer, len(terms)),
        redeemed=(responses.redemptions(run, decided.member_ids) > 0)[counts],
        margin=(totals.margin if totals.margin_is_known else MARGIN_SHARE * totals.spend)[counts],
        everyone=everyone,
        rows=np.searchsorted(everyone.member_ids, decided.member_ids[counts]),
        terms=terms,
    )


def _told(decided: Decided) -> np.ndarray:
    """Another tool's files may leave out what somebody was given."""
    return np.asarray((decided.arm == HELD_OUT) | (decided.run_offer >= 0))


def _profiles(run: Run, *, at: dt.datetime) -> Profiles:
    """What was known of members as the run began. Later profiles would know the outcome, and teach it."""
    day = clock.local_day(run.outcomes_from)
    recent = Snapshot.objects.ready().filter(as_of__lte=day, as_of__gte=day - dt.timedelta(days=OLDEST_DAYS))
    if run.snapshot:
        return profiles.opened(run.snapshot, on=day)
    snapshot = recent.order_by("-as_of", "-id").first() or profiles.build(day, at=at)
    return profiles.opened(snapshot, on=snapshot.as_of)
