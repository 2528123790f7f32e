"""Real workers on a real broker, killed while they work: the run completes, and nobody is decided on twice."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.db import connection

from campaigns import building, chunks, hints, holdouts, launching, tasks
from campaigns.assignment import holdout
from campaigns.models import Chunk, Decision, Run
from loyalty import profiles, segmentation
from loyalty.models import Consent, Contact, Member, Purchase
from loyalty.models.consent import Channel, Purpose
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = 3_000
PATIENCE = 90


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue of this test's own, so that tests running beside it do not take its hints."""
    usual = current_app.conf.task_default_queue
    current_app.conf.task_default_queue = f"test-{uuid.uuid4().hex}"
    yield current_app.conf.task_default_queue
    current_app.conf.task_default_queue = usual


@pytest.fixture
def launched(data, mara, abel, queue) -> Run:
    """A run of 3,000 members under the programme's holdouts, whose hints wait for a worker."""
    making.draw(universal_share=Decimal("0.1"), generic_share=Decimal("0.1"))
    members = Member.objects.bulk_create(Member(ref=f"k{number}") for number in range(MEMBERS))
    Contact.objects.bulk_create(Contact(member=each, email=f"{each.ref}@example.com") for each in members)
    granted = {"purpose": Purpose.MARKETING, "channel": Channel.EMAIL, "granted": True, "at": making.NOON - making.DAY}
    Consent.objects.bulk_create(Consent(member=each, **granted) for each in members)
    Purchase.objects.bulk_create(
        Purchase(
            line_ref=each.ref,
            basket_ref=each.ref,
            member=each,
            purchased_at=making.NOON - 9 * making.DAY,
            quantity=1,
            net_amount=10,
        )
        for each in members
    )
    profiles.build(TODAY, at=making.NOON)
    terms = making.approved_terms(author=mara, approver=abel)
    campaign = building.create(
        "Killed",
        by=mara,
        at=making.NOON,
        hypothesis="It survives.",
        primary_metric="spend",
        exit_criterion="It does not.",
        segment=segmentation.save(None, name="All", rule={"all": []}, by=mara, at=making.NOON).segment,
        channels=[Channel.EMAIL],
        share_held_out=Decimal("0.2"),
        share_explored=Decimal("0.1"),
        starts_at=making.NOON - making.DAY,
        ends_at=making.NOON + 36_500 * making.DAY,  # workers have a clock of their own
    )
    building.choose_offers(campaign, [terms.offer])
    return launching.launch(campaign, by=mara, at=making.NOON, on=TODAY)


@pytest.fixture
def start_worker(data, queue) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts Celery workers on the test's database, broker and data directory, and ends what is left of them."""
    running: list[subprocess.Popen[bytes]] = []
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {
        "LIFTWELL_DATA": str(data),
        "DATABASE_URL": database,
        "CELERY_QUEUE": queue,
        "SECRET_KEY": queue,
    }

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=2", "--loglevel=warning"]
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True))
        return running[-1]

    yield start
    for worker in running:
        kill_group(worker)


def kill_group(worker: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(worker.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    worker.wait()


def children(worker: subprocess.Popen[bytes]) -> list[int]:
    told = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text()
    return [int(child) for child in told.split()]


def wait_for(happened: Callable[[], bool]) -> None:
    """Stand in for beat, which sweeps every few seconds, until something has happened."""
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "The run did not get there in time."
        tasks.sweep()
        time.sleep(0.5)


def done(launched: Run, stage: str) -> int:
    return launched.chunks.filter(stage=stage, done_at__isnull=False).count()


def finished(launched: Run) -> bool:
    launched.refresh_from_db()
    return not launched.is_working


def test_a_run_survives_its_workers(launched, start_worker, data):
    first = start_worker()
    wait_for(lambda: done(launched, Chunk.Stage.DELIVER) >= 2)
    for child in children(first):
        os.kill(child, signal.SIGKILL)
    wait_for(lambda: done(launched, Chunk.Stage.DELIVER) >= 4)
    kill_group(first)
    assert not finished(launched), "The workers were killed too late to show anything."
    start_worker()
    wait_for(lambda: finished(launched))

    assert launched.state == Run.State.FINISHED
    assert Decision.objects.count() == Decision.objects.values("member").distinct().count() == MEMBERS
    decided = dict(Decision.objects.values_list("member__ref", "arm"))
    refs = sorted(decided)
    arms = holdout.layers(refs, holdouts.layers(launched.campaign, launched.draw))
    assert [decided[ref] for ref in refs] == [holdout.Arm(arm).label for arm in arms.tolist()]
    given = Decision.objects.filter(run_offer__isnull=False).count()
    assert launched.deliveries.filter(state="sent").count() == given == len(list(data.glob("mailbox/*.eml")))
    withheld = Decision.objects.filter(withheld__isnull=False).count()
    assert launched.ghosts.filter(state="would_send").count() == withheld > 0


def log(launched: Run) -> list[tuple[object, ...]]:
    """Every decision of a run by what the retailer calls its member, as far as they do not tell when it was made."""
    chosen = ("run_offer__position", "withheld__position", "score", "probability")
    return list(
        launched.decisions.order_by("member__ref", "rank").values_list("member__ref", "arm", "explored", *chosen)
    )


def again(launched: Run) -> Run:
    """The same campaign launched once more, with the record of what it depends on as it was."""
    run = Run.objects.get(pk=launched.pk)
    Run.objects.filter(pk=run.pk).update(state=Run.State.CANCELLED)
    offers = list(run.offers.all())
    run.pk, run.state = None, Run.State.PLANNING
    run.save()
    for each in offers:
        each.pk, each.run = None, run
        each.save()
    chunks.make(run, Chunk.Stage.PLAN)
    return run


def test_one_worker_and_several_that_are_killed_decide_the_same(launched, start_worker):
    """Every task is delivered three times; a whole worker and children of another are killed while they decide."""
    start_worker()
    wait_for(lambda: finished(launched))
    alone = log(launched)

    second = again(launched)
    workers = [start_worker(), start_worker()]
    for _ in range(3):
        hints.work_on(second.pk, workers=2)
    wait_for(lambda: done(second, Chunk.Stage.DECIDE) >= 1)
    kill_group(workers[0])
    for child in children(workers[1]):
        os.kill(child, signal.SIGKILL)
    for _ in range(3):
        hints.work_on(second.pk, workers=2)
    wait_for(lambda: finished(second))
    assert log(second) == alone
    assert len(alone) == MEMBERS
    assert {arm for _, arm, *_ in alone} == {arm.label for arm in holdout.Arm}


def test_a_lost_broker_costs_time_and_no_data(launched, start_worker, queue):
    """All hints are thrown away before any worker comes; the sweeper finds the work in the database."""
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.delete(queue)
    assert chunks.runs_with_work() == [launched.pk]
    start_worker()
    wait_for(lambda: finished(launched))
    assert launched.state == Run.State.FINISHED
