import datetime as dt
from pathlib import Path

from django.utils import timezone

from config.demo import clock, state
from config.demo.state import State
from loyalty import clock as programme

A_SECOND = dt.timedelta(seconds=1)
YESTERDAY = timezone.now() - dt.timedelta(days=1)


def test_clock_is_the_real_one_where_there_is_no_world(demo: Path) -> None:
    assert abs(clock.now() - timezone.now()) < A_SECOND


def test_clock_ticks_on_from_the_moment_it_was_set_to(known: State) -> None:
    clock.set_to(YESTERDAY)
    assert dt.timedelta() <= clock.now() - YESTERDAY < A_SECOND


def test_move_of_the_clock_is_seen_at_once(known: State) -> None:
    for moment in (YESTERDAY, YESTERDAY + dt.timedelta(hours=5), YESTERDAY):
        clock.set_to(moment)
        assert abs(clock.now() - moment) < A_SECOND


def test_clock_moved_by_another_process_is_seen(known: State) -> None:
    clock.now()
    state.change(offset_seconds=14 * 86400.0)
    assert abs(clock.now() - timezone.now() - dt.timedelta(days=14)) < A_SECOND


def test_programme_goes_by_the_demos_clock(known: State) -> None:
    clock.set_to(YESTERDAY)
    assert programme.today() == programme.local_day(YESTERDAY)
