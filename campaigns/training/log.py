"""Reads what scorers learn from out of the log: decisions that chance made, and whose outcome window has closed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from django.db.models import Q, QuerySet

from campaigns import responses
from campaigns.models import Campaign, Run
from campaigns.models.decision import HELD_OUT
from campaigns.responses import Decided
from campaigns.scoring.draws import NOTHING, observed_chances
from campaigns.training.chances import design as chances_of
from campaigns.training.past import Past
from loyalty import clock, profiles
from loyalty.models import Snapshot
from loyalty.profiling.table import Profiles, day_number
from loyalty.refusal import Refused
from loyalty.stated import told
from offers import catalog
from offers.rules import eligibility
from offers.rules.terms import TermsTable

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
    """Another tool's that gave offers by chance, and ours in which some explored."""
    randomised = Run.objects.filter(campaign__design=Campaign.Design.RANDOMISED, state=Run.State.FINISHED)
    explored = Q(share_held_out__gt=0, campaign__share_explored__gt=0)
    return randomised.filter(explored | Q(campaign__imported=True), outcomes_until__lte=at)


def _past(run: Run, *, at: dt.datetime) -> Past:
    everyone = _profiles(run, at=at)
    terms = catalog.terms_table((each.terms for each in run.offers.order_by("position")), everyone)
    decided = responses.decided(run)
    offer = np.where(decided.arm == HELD_OUT, NOTHING, decided.run_offer).astype(np.int32)
    drawn = _drawn(run, decided, offer, everyone, terms)
    counts, offer = drawn.counts, offer[drawn.counts]
    totals = responses.totals(decided.member_ids, since=run.outcomes_from, until=run.outcomes_until)
    return Past(
        run=run.pk,
        day=clock.local_day(run.outcomes_from),
        until=run.outcomes_until,
        offer=offer,
        design=drawn.design,
        chances=drawn.chances,
        redeemed=(responses.redemptions(run, decided.member_ids) > 0)[counts],
        margin=(totals.margin if totals.margin_is_known else MARGIN_SHARE * totals.spend)[counts],
        everyone=everyone,
        rows=np.searchsorted(everyone.member_ids, decided.member_ids[counts]),
        terms=terms,
    )


class Drawn(NamedTuple):
    """Of the decisions of a run, which chance took (a mask), and with which chances each of those, as in `Draws`."""

    counts: np.ndarray
    chances: np.ndarray
    design: np.ndarray


def _drawn(run: Run, decided: Decided, offer: np.ndarray, everyone: Profiles, terms: TermsTable) -> Drawn:
    known = np.isin(decided.member_ids, everyone.member_ids)
    if not run.campaign.imported:
        return _explored(run, decided, offer, known, everyone, terms)
    counts = known & ((decided.arm == HELD_OUT) | (offer != NOTHING))  # a file may leave out what somebody was given
    chances = observed_chances(offer[counts], len(terms))
    return Drawn(counts, chances, np.zeros(int(counts.sum()), dtype=np.int32))


def _explored(
    run: Run, decided: Decided, offer: np.ndarray, known: np.ndarray, everyone: Profiles, terms: TermsTable
) -> Drawn:
    explorers = np.fromiter(run.decisions.filter(rank=0, explored=True).values_list("member_id", flat=True), np.int64)
    explored = np.isin(decided.member_ids, explorers)
    counts = known & ((decided.arm == HELD_OUT) | explored) & bool(explored.any())
    allowed = _open_to(run, decided.member_ids[counts], everyone, terms)
    given = offer[counts]
    drawn = np.where(given == NOTHING, allowed.any(axis=1), allowed[np.arange(len(given)), given])
    counts[counts] = drawn  # what is open by now to nobody who got it cannot be told apart from what never was
    chances = chances_of(
        allowed[drawn],
        given[drawn],
        held_out=run.share_held_out or 0.0,
        explored=float(run.campaign.share_explored),
    )
    return Drawn(counts, *chances)


def _open_to(run: Run, member_ids: np.ndarray, everyone: Profiles, terms: TermsTable) -> np.ndarray:
    """(m, k): the offers open to each as the run began; whoever was decided on was reached."""
    members = told.beside(everyone.take(np.searchsorted(everyone.member_ids, member_ids)), at=run.outcomes_from)
    redeemed = responses.redeemed(member_ids, terms.offer_refs, before=run.outcomes_from)
    on_day = day_number(clock.local_day(run.outcomes_from))
    return eligibility.allowed(members, terms, on_day=on_day, redeemed=redeemed).allowed


def _profiles(run: Run, *, at: dt.datetime) -> Profiles:
    """What was known of members as the run began. Later profiles would know the outcome, and teach it."""
    day = clock.local_day(run.outcomes_from)
    recent = Snapshot.objects.ready().filter(as_of__lte=day, as_of__gte=day - dt.timedelta(days=OLDEST_DAYS))
    if run.snapshot:
        return profiles.opened(run.snapshot, on=day)
    snapshot = recent.order_by("-as_of", "-id").first() or profiles.build(day, at=at)
    return profiles.opened(snapshot, on=snapshot.as_of)
