"""Decisions into PostgreSQL: four connections into the run's own table, against a plain COPY of the same bytes by one.

Both write into a table without an index, with the same defaults, and are timed until all is committed: equally durable.
What makes the decisions count comes after that and is told beside it: the key and statistics that both would need, and
the check and the attaching, which only a run does.

`bulk_create` writes some of them into the live table as an application has it, where rows that no run of ours makes
come in: each is checked, and put into its keys, as it comes. What that takes for all is counted as if the keys did not
slow down as they grow.
"""

import os
import resource
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from django.db import connection, transaction

from campaigns import building, decisions
from campaigns.models import Campaign, Decision, Run
from campaigns.models.decision import HELD_OUT, TREATED
from campaigns.plan import Plan
from config.bench import reached, scratch
from config.bench.frame import Contest, Job, Outcome, Say, Size
from loyalty import copying
from offers.models import Terms

BASELINE, OURS = "plain COPY, one connection", "four connections"
GOAL, GOAL_BULK_CREATE = 1 / 0.6, 80.0
CONNECTIONS, PARTS, SAMPLE = 4, 40, 20_000
BATCH = 5_000  # faster than all at once, and than fewer
BARE = "CREATE TABLE bench_bare (LIKE campaigns_decision INCLUDING DEFAULTS)"
DEFAULTS = """
    ALTER TABLE bench_bare ALTER run_id SET DEFAULT 1, ALTER arm SET DEFAULT 'treated',
        ALTER held_out SET DEFAULT false, ALTER at SET DEFAULT '2026-03-01 12:00Z'
"""
KEY = "ALTER TABLE bench_bare ADD UNIQUE (member_id, run_id, rank, held_out); ANALYZE bench_bare"

Ready = list[tuple[tuple[str, ...], np.ndarray]]  # names of columns, and rows as they go over the wire


@dataclass(frozen=True)
class Written:
    """Seconds until all is committed, and from then on until it is indexed, or closed; how many rows there are."""

    durable: float
    after: float
    rows: int


def run(size: Size, say: Say) -> Outcome:
    """Each way writes all decisions of a run; what it wrote is counted."""
    with scratch.database():
        say("making members and offers")
        reached.members(size.members)
        terms = reached.offers(size.offers)
        plan = drawn(size.members, size.offers)
        campaign = building.create("Bench", by=None, at=reached.NOON, share_held_out=Decimal("0.1"))
        campaign.state = campaign.State.CANCELLED  # of which several runs may be recorded
        campaign.save()
        rounds = [_in_turn(campaign, terms, plan, say) for _ in range(size.repetitions)]
        by_bulk_create = _bulk_create(reached.run(campaign, terms), plan) * len(plan) / min(SAMPLE, len(plan))
    plainly, ours = zip(*rounds, strict=True)
    times = Contest(
        (BASELINE, OURS),
        tuple(each.durable for each in plainly),
        tuple(each.durable for each in ours),
        agrees=[each.rows for each in plainly] == [each.rows for each in ours],
    )
    seconds, key, close = (
        statistics.median(column)
        for column in ([each.durable for each in ours], [each.after for each in plainly], [each.after for each in ours])
    )
    return times.outcome(
        "persist",
        size,
        offers=size.offers,
        goal=GOAL,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        figures={
            "decisions_per_second": round(plan.decisions / seconds),
            "key_and_statistics_of_the_baseline_seconds": round(key, 3),
            "key_statistics_check_and_attach_seconds": round(close, 3),
            "until_closed_times_as_fast": round((times.medians[0] + key) / (seconds + close), 2),
            "bulk_create_sample": min(SAMPLE, len(plan)),
            "bulk_create_scaled_up_seconds": round(by_bulk_create, 1),
            "times_as_fast_as_bulk_create": round(by_bulk_create / seconds, 1),
            "until_closed_times_as_fast_as_bulk_create": round(by_bulk_create / (seconds + close), 1),
            "goal_against_bulk_create": GOAL_BULK_CREATE,
            "load_average": round(os.getloadavg()[0], 1),
        },
    )


JOB = Job(
    "persist: decisions are durable in 0.6 of the time of a plain COPY, and 80 times as fast as by bulk_create", run
)


def _in_turn(campaign: Campaign, terms: list[Terms], plan: Plan, say: Say) -> tuple[Written, Written]:
    """One round of both ways."""
    made = reached.run(campaign, terms)
    plainly = _written_plainly(ready(made, plan))
    say(f"{BASELINE}: {plainly.durable:.2f} s, and its key {plainly.after:.2f} s")
    durable, close = persist(made, plan)
    say(f"{OURS}: {durable:.2f} s, and closed {close:.2f} s later")
    return plainly, Written(durable, close, _dropped(made))


def drawn(members: int, offers: int) -> Plan:
    """A plan with one offer each for most members, drawn at random, for whoever measures how it is written."""
    rng = np.random.default_rng(1)
    held_out = rng.random(members, dtype=np.float32) < 0.1
    offer = rng.integers(0, offers, (members, 1), dtype=np.int16)
    offer[held_out | (rng.random(members, dtype=np.float32) < 0.1)] = -1
    return Plan(
        member_ids=np.arange(1, members + 1, dtype=np.int64),
        arm=held_out.astype(np.uint8),
        explored=np.zeros(members, dtype=np.bool_),
        offer=offer,
        withheld=np.where(held_out[:, None], np.int16(0), np.int16(-1)),
        score=rng.random((members, 1), dtype=np.float32),
        probability=np.full((members, 1), 0.9),
    )


def persist(run: Run, plan: Plan) -> tuple[float, float]:
    """Write and close a run's decisions as workers do; seconds until all are durable, and from then to the end."""
    decisions.begin(run, at=reached.NOON)
    began = time.perf_counter()
    parts = _parts(plan)
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(lambda number: _log(run, parts[number::CONNECTIONS]), range(CONNECTIONS)))
    durable = time.perf_counter()
    with transaction.atomic():
        decisions.close(run, plan)
    return durable - began, time.perf_counter() - durable


def ready(run: Run, plan: Plan) -> Ready:
    """The bytes of a run's decisions, as they go over the wire."""
    columns = [columns for part in _parts(plan) for columns in decisions.rows(run, part)]
    return [(tuple(each), copying.as_rows(each)) for each in columns]


def plainly(run: Run, plan: Plan) -> float:
    """Seconds that a plain COPY takes of the same bytes, made ready before, by one connection into a bare table."""
    return _written_plainly(ready(run, plan)).durable


def _parts(plan: Plan) -> list[Plan]:
    cuts = np.linspace(0, len(plan), PARTS + 1).astype(np.int64)
    ids = plan.member_ids
    return [plan.between(int(ids[a]), int(ids[b - 1])) for a, b in pairwise(cuts.tolist()) if a < b]


def _log(run: Run, parts: list[Plan]) -> None:
    for part in parts:
        with transaction.atomic():
            decisions.log(run, part)
    connection.close()  # a thread has one of its own


def _written_plainly(same: Ready) -> Written:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(BARE)
        cursor.execute(DEFAULTS)
    began = time.perf_counter()
    with transaction.atomic():
        for columns, rows in same:
            copying.send("bench_bare", columns, rows)
    durable = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(KEY)
    return Written(durable - began, time.perf_counter() - durable, _count("bench_bare"))


def _bulk_create(run: Run, plan: Plan) -> float:
    offers = list(run.offers.order_by("position"))
    few = plan.between(1, SAMPLE)
    rows = [
        Decision(
            run=run,
            member_id=member,
            arm=HELD_OUT if held_out else TREATED,
            held_out=held_out,
            run_offer=offers[offer] if offer >= 0 else None,
            score=score,
            probability=0.9,
            at=reached.NOON,
        )
        for member, held_out, (offer,), (score,) in zip(
            few.member_ids.tolist(), few.held_out.tolist(), few.offer.tolist(), few.score.tolist(), strict=True
        )
    ]
    began = time.perf_counter()
    Decision.objects.bulk_create(rows, batch_size=BATCH)
    return time.perf_counter() - began


def _cancel(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(state=Run.State.CANCELLED)


def _dropped(run: Run) -> int:
    """How many decisions the log has of a run, which then makes room for the next."""
    found = _count(f"campaigns_decision_{run.pk}")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE campaigns_decision DETACH PARTITION campaigns_decision_{run.pk}")
        cursor.execute(f"DROP TABLE campaigns_decision_{run.pk}")
    _cancel(run)
    return found


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - tables of our own
        return int(cursor.fetchone()[0])
