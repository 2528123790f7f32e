"""The full form of what `test_runs` shows, which `make faults` runs: it writes docs/reliability.md with its figures."""

import datetime as dt
import os
import platform
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults import fate
from tests.faults.crew import ROOT, bring_to, has_ended
from tests.faults.fate import CHILD, FLUSH, STALL, WORKER, Fault
from tests.faults.outcome import Outcome, wrongs
from tests.faults.thrice import TIMES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

SEED = int(os.environ.get("SEED", "1"))
PATIENCE = 1800
REPORT = ROOT / "docs" / "reliability.md"
MANY = {
    "plan": {CHILD: 1, WORKER: 1},
    "decide": {CHILD: 8, WORKER: 1, STALL: 1, FLUSH: 1},
    "close": {CHILD: 2, WORKER: 1},
    "deliver": {CHILD: 10, WORKER: 2, STALL: 1, FLUSH: 1},
    "any": {CHILD: 2},
    "next": {CHILD: 2},
}
TEXT = """# What a run survives

Written by `make faults`: {day}, commit {commit}, {cores} cores ({machine}), load {load[0]:.0f} to {load[1]:.0f},
seed {seed}.

One run over {members:,} members, on two workers with two children each; every message to a worker sent {times} times.
It was disturbed {faults} times, at points drawn from the seed: {whats}.
It took {seconds:.0f} s with leases of {lease:.0f} s, and was then compared with the same run undisturbed.

| of the disturbed run | count | missing, twice or different |
| --- | --- | --- |
| decisions: arm, offer, score, probability | {decided:,} | 0 |
| deliveries: offer, channel, sent or refused and why | {delivered:,} | 0 |
| mails handed over | {mails:,} | 0 |

Zero of {decided:,} bounds the share of wrong decisions below {bound:.3f} % (3 / n). That faults would be seen is
shown by a control: where a step is not one transaction with its chunk, a single kill decides members twice.

| point | what happened | times |
| --- | --- | --- |
{rows}
"""


@pytest.fixture
def members() -> int:
    return 12_000


@pytest.fixture
def lease() -> float:
    return 6.0


def test_a_run_disturbed_at_every_stage_is_the_run_that_was_planned(launch, undisturbed, crew, members, lease):
    faults = fate.drawn(SEED, MANY, latest=2)
    disturbed, begun, load = launch("Disturbed"), time.monotonic(), [os.getloadavg()[0]]
    workers, fates = crew(faults, workers=2)
    bring_to(lambda: has_ended(disturbed), workers, patience=PATIENCE)
    seconds = time.monotonic() - begun
    load.append(os.getloadavg()[0])
    happened = fates.happened()
    assert Counter(happened) == Counter(faults), "A fault that does not come shows nothing."
    assert wrongs(disturbed, undisturbed) == []
    write(REPORT, undisturbed, happened, members=members, lease=lease, seconds=seconds, load=sorted(load))


def test_four_workers_decide_as_one_does(launch, crew):
    ran = {workers: launch(f"By {workers}") for workers in (1, 4)}
    for workers, run in ran.items():
        hired, _ = crew(workers=workers, children=1)
        bring_to(lambda run=run: has_ended(run), hired, patience=PATIENCE)
        hired.end()
    by_one, by_four = (Outcome.of(run) for run in ran.values())
    assert by_one == by_four


def write(path: Path, outcome: Outcome, happened: Sequence[Fault], **measured: object) -> None:
    """The figures in words, for people."""
    whats = Counter(fault.what for fault in happened)
    points = Counter((fault.point, fault.what) for fault in happened)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    text = TEXT.format(
        day=dt.datetime.now(tz=dt.UTC).strftime("%-d %B %Y"),
        commit=commit.stdout.strip() or "unknown",
        cores=os.cpu_count(),
        machine=platform.machine(),
        seed=SEED,
        times=TIMES,
        faults=len(happened),
        whats=", ".join(f"{count} × {what}" for what, count in whats.most_common()),
        decided=len(outcome.decided),
        delivered=len(outcome.delivered),
        mails=outcome.mails,
        bound=300 / len(outcome.decided),
        rows="\n".join(f"| {point} | {what} | {count} |" for (point, what), count in sorted(points.items())),
        **measured,
    )
    path.write_text(text)
