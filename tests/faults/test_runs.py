"""Workers that are killed, hang or are called again while they carry out a run, and a broker that forgets.

The quick form: few faults, at points that a seed draws. `make faults` is the full one (`full.py`).
"""

from collections import Counter

import pytest

from campaigns import chunks, run
from campaigns.models import Chunk
from tests import making
from tests.faults import fate, points, unguarded
from tests.faults.crew import bring_to, has_ended
from tests.faults.fate import CHILD, FLUSH, STALL, WORKER, Fault
from tests.faults.outcome import Outcome, written_twice, wrongs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

PATIENCE = 180
SEEDS = (4,)  # part of the test's name, so that whoever sees it fail can have it again
FEW = {
    "plan": {CHILD: 1},
    "decide": {CHILD: 1, STALL: 1},
    "close": {CHILD: 1},
    "deliver": {CHILD: 1, WORKER: 1, FLUSH: 1},
}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_whose_workers_are_killed_is_the_run_that_was_planned(seed, launch, undisturbed, crew):
    faults = fate.drawn(seed, FEW, latest=2)
    disturbed = launch("Disturbed")
    workers, fates = crew(faults)
    bring_to(lambda: has_ended(disturbed), workers, patience=PATIENCE)
    assert Counter(fates.happened()) == Counter(faults), "A fault that does not come shows nothing."
    assert wrongs(disturbed, undisturbed) == []


def test_four_workers_decide_as_one_does(launch, undisturbed, crew):
    shared = launch("Shared")
    workers, fates = crew(workers=4, children=1)
    bring_to(lambda: has_ended(shared), workers, patience=PATIENCE)
    assert Outcome.of(shared) == undisturbed
    assert set(fates.arrivals()) == {point.name for point in points.POINTS}, "Every point is on the way of a run."


def test_a_step_that_is_not_one_with_its_chunk_would_be_noticed(launch, crew):
    """The negative control: a child is killed between what it wrote and the note that it did."""
    disturbed = launch("Unguarded")
    workers, _ = crew([Fault("decide.written", CHILD)], unguarded=True)
    bring_to(lambda: has_ended(disturbed) or written_twice(disturbed) > 0, workers, patience=PATIENCE)
    assert written_twice(disturbed) > 0


@pytest.mark.parametrize(("doing", "is_written_twice"), [(chunks.doing, False), (unguarded.doing, True)])
def test_a_chunk_is_decided_once_because_it_says_that_it_is_done(doing, is_written_twice, launch, monkeypatch):
    """A worker that was silent for longer than its lease does a chunk that another did; with its negative control."""
    monkeypatch.setattr(chunks, "doing", doing)
    launched = launch("Late")
    run.STEPS[Chunk.Stage.PLAN](chunks.take(launched.pk), making.NOON)
    late = chunks.take(launched.pk)
    for _ in range(2):
        run.STEPS[Chunk.Stage.DECIDE](late, making.NOON)
    assert (written_twice(launched) > 0) is is_written_twice
