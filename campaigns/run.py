"""A launched run: carried out chunk by chunk by any number of workers, until it is finished or cancelled."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from campaigns import chunks, decisions, delivery, hints, pacing, planning, summary, training
from campaigns.models import Campaign, Chunk, Run, RunOffer
from campaigns.plan import Plan, Planned
from campaigns.planning import Inputs, Limit
from loyalty.refusal import Refused

Clock = Callable[[], dt.datetime]
USES = ("assigned", "spend", "price", "budget_price")
PLAN, DECIDE, CLOSE, DELIVER = Chunk.Stage.PLAN, Chunk.Stage.DECIDE, Chunk.Stage.CLOSE, Chunk.Stage.DELIVER


def work(run_id: int, *, now: Clock) -> None:
    """Take and do chunks of the run until none is free for now, or the run waits for quiet hours or its turn."""
    while not pacing.waiting(run_id, at=now()) and (chunk := chunks.take(run_id)):
        if chunk.attempts > chunks.MOST_ATTEMPTS:
            sentence = f"{chunk.get_stage_display()} failed {chunks.MOST_ATTEMPTS} times: the worker's log says why."
            _end(chunk.run, Run.State.FAILED, at=now(), sentence=sentence)
            return
        try:
            STEPS[chunk.stage](chunk, now())
        except Refused as refusal:
            _end(chunk.run, Run.State.FAILED, at=now(), sentence=str(refusal))
            return
        advance(chunk.run, at=now())


def advance(run: Run, *, at: dt.datetime) -> None:
    """Begin what follows once every chunk of the present stage is done; anyone may call it at any time."""
    run.refresh_from_db()
    if run.state == Run.State.DECIDING and chunks.are_done(run, DECIDE):
        if run.chunks.filter(stage=CLOSE).exists():
            _deliver_next(run)
        else:
            _close_next(run)
        run.refresh_from_db()
    if run.state == Run.State.DELIVERING and chunks.are_done(run, DELIVER):
        _end(run, Run.State.FINISHED, at=at)


def cancel(run: Run, *, at: dt.datetime) -> None:
    """Stop a run: once this returns, no message of it starts. What was sent stays sent, and is measured."""
    if not _end(run, Run.State.CANCELLED, at=at):
        raise Refused(f"This run is already {run.get_state_display().lower()}: there is nothing left to cancel.")


def close_measured(*, at: dt.datetime) -> int:
    """Finish the running campaigns whose outcome window has closed; returns how many."""
    over = Campaign.objects.running().filter(runs__state=Run.State.FINISHED, runs__outcomes_until__lte=at)
    return Campaign.objects.filter(pk__in=over.values("pk")).update(state=Campaign.State.FINISHED)


def inputs(run: Run) -> Inputs:
    """What the run depends on, read back from its record."""
    run_offers = run.offers.select_related("approval__terms__offer").order_by("position")
    # Another tool's run has none of these, and is not replayed.
    assert run.snapshot
    assert run.segment_version
    assert run.scorer
    return Inputs(
        campaign=run.campaign,
        snapshot=run.snapshot,
        segment_version=run.segment_version,
        scorer=run.scorer,
        terms=[each.terms for each in run_offers],
        limits=[Limit(count=each.limit, budget=each.budget, least=each.least) for each in run_offers],
        on=timezone.localdate(run.outcomes_from),
        draw=run.draw,
        asked_versions=[each.version for each in run.asked_segments.select_related("version__segment")],
    )


def _plan(chunk: Chunk, at: dt.datetime) -> None:
    with chunks.held(chunk):
        _choose_scorer(chunk.run, at=at)
        planned = planning.plan(inputs(chunk.run), report=lambda step: _say(chunk, step))
    with chunks.doing(chunk, at=at) as run:
        if run is None:
            return
        planned.plan.save(_directory(run))  # by the one worker who has the chunk's row: two plans never mix
        _record(run, planned)
        decisions.begin(run, at=at)
        chunks.make(run, DECIDE, planned.plan.member_ids)
    hints.work_on(chunk.run_id, workers=hints.WORKERS_CALLED)


def _choose_scorer(run: Run, *, at: dt.datetime) -> None:
    """That in use, where none was when the run was launched: then it is trained first."""
    if run.scorer is None:
        run.scorer = training.champion(at=at)
        run.save(update_fields=["scorer"])


def _say(chunk: Chunk, step: str) -> None:
    chunks.renew(chunk)
    Run.objects.filter(pk=chunk.run_id).update(doing=step)


def _record(run: Run, planned: Planned) -> None:
    run.state, run.doing = Run.State.DECIDING, ""
    run.value, run.bound = planned.assignment.value, planned.assignment.bound
    run.contact_price, run.budget_price = planned.assignment.total.price, planned.assignment.total.budget_price
    channels = zip(run.campaign.channels, planned.assignment.channels, strict=False)
    run.channel_prices = {channel: use.price for channel, use in channels}
    run.funnel, run.outlook = planned.funnel.as_json(), summary.outlook(inputs(run), planned)
    run.save()
    run_offers: Sequence[RunOffer] = list(run.offers.order_by("position"))
    for run_offer, use in zip(run_offers, planned.assignment.offers, strict=True):
        for name in USES:
            setattr(run_offer, name, getattr(use, name))
    RunOffer.objects.bulk_update(run_offers, USES)


def _decide(chunk: Chunk, at: dt.datetime) -> None:
    with chunks.doing(chunk, at=at) as run:
        if run:
            decisions.log(run, Plan.load(_directory(run)).between(chunk.first, chunk.last))


def _close(chunk: Chunk, at: dt.datetime) -> None:
    with chunks.doing(chunk, at=at) as run:
        if run:
            decisions.close(run, Plan.load(_directory(run)))


def _deliver(chunk: Chunk, at: dt.datetime) -> None:
    with chunks.doing(chunk, at=at) as run:
        if run and (later := delivery.deliver(run, first=chunk.first, last=chunk.last, at=at)):
            pacing.note(run, later)
            raise chunks.Unfinished


def _close_next(run: Run) -> None:
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)
        if run.state != Run.State.DECIDING or run.chunks.filter(stage=CLOSE).exists():
            return
        chunks.make(run, CLOSE)
    hints.work_on(run.pk)


def _deliver_next(run: Run) -> None:
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)
        if run.state != Run.State.DECIDING or not chunks.are_done(run, CLOSE):
            return
        run.state = Run.State.DELIVERING
        run.save(update_fields=["state"])
        plan = Plan.load(_directory(run))
        chunks.make(run, DELIVER, plan.member_ids[plan.has_any])
    hints.work_on(run.pk, workers=hints.WORKERS_CALLED)


def _end(run: Run, state: Run.State, *, at: dt.datetime, sentence: str = "") -> bool:
    """Move a working run to its last state; False when it was there already."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)
        if not run.is_working:
            return False
        run.state, run.finished_at, run.sentence = state, at, sentence
        run.save(update_fields=["state", "finished_at", "sentence"])
        if state != Run.State.FINISHED:
            decisions.discard(run)
            # A run that failed before anything was decided leaves a campaign that can be mended and launched again.
            again = not run.decisions.exists() and state == Run.State.FAILED
            after = Campaign.State.DRAFT if again else Campaign.State.CANCELLED
            Campaign.objects.filter(pk=run.campaign_id).update(state=after)
    return True


def _directory(run: Run) -> Path:
    return run.path / "plan"


STEPS: dict[str, Callable[[Chunk, dt.datetime], None]] = {
    PLAN: _plan,
    DECIDE: _decide,
    CLOSE: _close,
    DELIVER: _deliver,
}
