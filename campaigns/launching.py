"""What must be true before a campaign may be launched, and the launch itself."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from campaigns import chunks, hints, holdouts, limits, promising, training
from campaigns.models import Campaign, Chunk, Run, RunOffer, RunSegment, Scorer
from campaigns.planning import Inputs, Limit, objective
from loyalty import clock, profiles
from loyalty.models import SegmentVersion, Snapshot
from loyalty.refusal import Refused
from loyalty.segmentation import recorded
from offers.models import Terms


@dataclass(frozen=True)
class Blocker:
    """A step of the builder and what must be mended there."""

    step: str
    sentence: str


def blockers(campaign: Campaign, *, on: dt.date) -> list[Blocker]:
    """All that stands in the way of a launch, in the order of the builder's steps."""
    return [
        *_brief(campaign),
        *_objective(campaign, on),
        *_audience(campaign),
        *_offers(campaign, on),
        *_conflicts(campaign, on),
        *_measurement(campaign, on),
    ]


def _brief(campaign: Campaign) -> Iterator[Blocker]:
    if not campaign.hypothesis:
        yield Blocker("brief", "Say what you expect to happen and why: the hypothesis is empty.")
    if not campaign.primary_metric:
        yield Blocker("brief", "Choose the one metric the campaign will be judged by.")
    if not campaign.exit_criterion:
        yield Blocker("brief", "Say which result would make you stop: the exit criterion is empty.")


def _objective(campaign: Campaign, on: dt.date) -> Iterator[Blocker]:
    snapshot = Snapshot.objects.latest_ready()
    if snapshot and campaign.objective != Campaign.Objective.MARGIN:
        with suppress(Refused):  # where its files are gone, planning says so
            if not objective.is_known(profiles.opened(snapshot, on=on)):
                yield Blocker("brief", objective.UNKNOWN)


def _audience(campaign: Campaign) -> Iterator[Blocker]:
    if campaign.segment is None:
        yield Blocker("audience", "Choose the segment that the campaign is for.")
    if not campaign.channels:
        yield Blocker("audience", "Choose at least one channel.")
    if Snapshot.objects.latest_ready() is None:
        yield Blocker("audience", "There are no member profiles yet: load purchases and build a snapshot.")


def _offers(campaign: Campaign, on: dt.date) -> Iterator[Blocker]:
    chosen = campaign.offers.select_related("offer")
    if not chosen:
        yield Blocker("offers", "Choose at least one offer.")
    usable = {terms.offer_id for terms in usable_terms(campaign, on=on)}
    for each in chosen:
        if each.offer_id not in usable:
            yield Blocker("offers", f"Offer {each.offer.ref} has no approved terms that are valid on {on:%-d %B %Y}.")


def _conflicts(campaign: Campaign, on: dt.date) -> Iterator[Blocker]:
    for conflict in limits.conflicts(limits.of(campaign, usable_terms(campaign, on=on))):
        yield Blocker("limits", conflict.sentence)


def _measurement(campaign: Campaign, on: dt.date) -> Iterator[Blocker]:
    if not campaign.share_held_out:
        yield Blocker("holdout", "Hold out a share of the members: without one, lift cannot be measured.")
    if campaign.starts_at is None or campaign.ends_at is None:
        yield Blocker("dates", "Set the dates.")
    elif clock.local_day(campaign.ends_at) <= on:
        yield Blocker("dates", "The campaign's last day is over: move its dates.")
    elif clock.local_day(campaign.starts_at) > on:
        yield Blocker("dates", f"It starts on {campaign.starts_at:%-d %B %Y}: launch it then, or move the date.")


def usable_terms(campaign: Campaign, *, on: dt.date) -> list[Terms]:
    """The newest approved terms valid on that day, one per offer of the campaign, in the order of their references."""
    approved = Terms.objects.approved().live_on(on).filter(offer__in=campaign.offers.values("offer"))
    return sorted(approved.newest().select_related("offer"), key=lambda terms: terms.offer.ref)


def inputs(campaign: Campaign, *, at: dt.datetime, on: dt.date) -> Inputs:
    """What a run started now would depend on; refuses while anything blocks the launch.

    The first time of all it trains the scorer, which takes as long as there are past decisions to learn from.
    """
    _refuse_blocked(campaign, on=on)
    return Inputs(
        campaign=campaign,
        snapshot=_snapshot(),
        segment_version=(version := _version(campaign)),
        asked_versions=recorded.asked_for(version),
        scorer=training.champion(at=at),
        terms=(terms := usable_terms(campaign, on=on)),
        limits=_limits(campaign, terms),
        on=on,
        draw=holdouts.current(on),
    )


def _refuse_blocked(campaign: Campaign, *, on: dt.date) -> None:
    if stopped := blockers(campaign, on=on):
        raise Refused(stopped[0].sentence)


def _snapshot() -> Snapshot:
    snapshot = Snapshot.objects.latest_ready()
    assert snapshot, "a blocker says so before"
    return snapshot


def _version(campaign: Campaign) -> SegmentVersion:
    assert campaign.segment, "a blocker says so before"
    return campaign.segment.current()


def _limits(campaign: Campaign, terms: list[Terms]) -> list[Limit]:
    chosen = {each.offer_id: each for each in campaign.offers.all()}
    return [
        Limit(
            count=limits.lower(chosen[each.offer_id].limit, each.limit_total),
            budget=limits.lower(chosen[each.offer_id].budget, each.budget),
            least=chosen[each.offer_id].least,
        )
        for each in terms
    ]


def launch(campaign: Campaign, *, by: User | None, at: dt.datetime, on: dt.date) -> Run:
    """Fix what the run depends on, record it, and let the workers begin."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if campaign.state != Campaign.State.DRAFT:
            raise Refused(f"{campaign.name} is already {campaign.get_state_display().lower()}.")
        _refuse_blocked(campaign, on=on)
        run = _record(campaign, at=at, on=on)
        campaign.state, campaign.launched_by, campaign.launched_at = Campaign.State.RUNNING, by, at
        campaign.save(update_fields=["state", "launched_by", "launched_at"])
        transaction.on_commit(lambda: hints.work_on(run.pk), robust=True)
    return run


def _record(campaign: Campaign, *, at: dt.datetime, on: dt.date) -> Run:
    version, terms, promise = _version(campaign), usable_terms(campaign, on=on), promising.promise(campaign)
    draw = holdouts.current(on)
    run = Run.objects.create(
        campaign=campaign,
        snapshot=_snapshot(),
        segment_version=version,
        scorer=Scorer.objects.champion(Scorer.Purpose.OFFERS),  # where there is none, whoever plans the run trains one
        promise=promise,
        promise_digest=promising.digest(promise),
        share_held_out=float(campaign.share_held_out),
        draw=draw,
        shares=holdouts.layers(campaign, draw).by_name,
        started_at=at,
        outcomes_from=at,
        outcomes_until=at + dt.timedelta(days=campaign.outcome_days),
    )
    RunSegment.objects.bulk_create(RunSegment(run=run, version=asked) for asked in recorded.asked_for(version))
    RunOffer.objects.bulk_create(
        RunOffer(
            run=run,
            position=position,
            offer=each.offer,
            approval_id=each.pk,
            limit=limit.count,
            budget=limit.budget,
            least=limit.least,
        )
        for position, (each, limit) in enumerate(zip(terms, _limits(campaign, terms), strict=True))
    )
    chunks.make(run, Chunk.Stage.PLAN)
    return run
