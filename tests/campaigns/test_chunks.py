import time

import pytest

from campaigns import chunks
from campaigns.models import Chunk
from tests import making

LEASE_SECONDS = 0.8

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chunk(monkeypatch):
    """A chunk that somebody has just taken, by a short lease."""
    monkeypatch.setattr(chunks, "LEASE_SECONDS", LEASE_SECONDS)
    run = making.run(making.campaign())
    chunks.make(run, Chunk.Stage.PLAN)
    return chunks.take(run.pk)


def test_nobody_else_takes_what_is_held_however_long_it_takes(chunk):
    with chunks.held(chunk):
        time.sleep(2 * LEASE_SECONDS)
        assert chunks.take(chunk.run_id) is None


def test_what_is_not_held_is_taken_again_once_its_lease_is_over(chunk):
    """The negative control."""
    time.sleep(2 * LEASE_SECONDS)
    assert chunks.take(chunk.run_id) == chunk


def test_the_lease_of_a_worker_that_gave_up_runs_out(chunk):
    with pytest.raises(RuntimeError), chunks.held(chunk):
        raise RuntimeError
    time.sleep(2 * LEASE_SECONDS)
    assert chunks.take(chunk.run_id) == chunk
