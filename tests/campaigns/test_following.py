import datetime as dt

import pytest
from django.utils import timezone

from campaigns import following, pacing
from campaigns.models import Chunk
from campaigns.pacing import Later
from tests import making

pytestmark = pytest.mark.django_db

SOON, AGO = dt.timedelta(seconds=20), -dt.timedelta(seconds=1)


@pytest.fixture
def run():
    return making.run(making.campaign(state="running"))


@pytest.fixture
def chunk(run):
    def make(number=0, *, lease=None, done=False, attempts=1):
        until = lease and timezone.now() + lease
        done_at = timezone.now() if done else None
        facts = {"lease_until": until, "done_at": done_at, "attempts": attempts, "members": 100}
        return Chunk.objects.create(run=run, stage="deliver", number=number, **facts)

    return make


def test_a_run_that_somebody_is_at_says_nothing_of_it(run, chunk):
    chunk(0, lease=AGO)
    chunk(1, lease=SOON)
    assert following.standing(run, at=making.NOON).sentence == ""


def test_a_run_whose_worker_died_says_that_it_goes_on_by_itself(run, chunk):
    chunk(lease=AGO)
    assert following.standing(run, at=making.NOON).sentence == following.STOPPED


def test_a_run_that_lost_its_workers_between_chunks_says_so_too(run, chunk):
    chunk(0, lease=AGO, done=True)
    chunk(1, attempts=0)
    assert following.standing(run, at=making.NOON).sentence == following.STOPPED


def test_a_worker_that_has_just_done_a_chunk_is_about_to_take_the_next(run, chunk):
    chunk(0, lease=SOON, done=True)
    chunk(1, attempts=0)
    assert following.standing(run, at=making.NOON).sentence == ""


def test_a_run_that_nobody_began_waits_for_a_worker(run, chunk):
    chunk(attempts=0)
    assert following.standing(run, at=making.NOON).sentence == following.WAITING


def test_a_run_with_nothing_left_to_do_waits_for_nobody(run, chunk):
    chunk(lease=AGO, done=True)
    assert following.standing(run, at=making.NOON).sentence == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 second left"),
        (1.4, "1 second left"),
        (50, "50 seconds left"),
        (89, "89 seconds left"),
        (95, "about 2 minutes left"),
        (3_700, "about 62 minutes left"),
        (7_300, "about 2 hours left"),
    ],
)
def test_time_left_is_told_in_the_unit_that_says_most(seconds, said):
    assert following.in_time(seconds) == said


WHY = "Quiet hours: App inbox 21:00 to 08:00"


def test_a_run_in_quiet_hours_says_until_when(run, chunk):
    chunk(attempts=0)
    pacing.note(run, Later(making.NOON + SOON, WHY))
    told = following.standing(run, at=making.NOON)
    assert told.sentence == f"{WHY}. It goes on by itself at 12:00 on 2 March."
    assert told.is_meant


def test_a_run_whose_quiet_hours_are_over_waits_for_a_worker(run, chunk):
    chunk(attempts=0)
    pacing.note(run, Later(making.NOON, WHY))
    assert following.standing(run, at=making.NOON).sentence == following.WAITING
