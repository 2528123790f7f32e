"""The moment that counts for messages is the database's, and moved only by what the programme's clock is ahead."""

import datetime as dt

import pytest
from django.utils import timezone

from loyalty import clock

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(seconds=30)
AHEAD = dt.timedelta(days=14)
REAL = timezone.now


def in_two_weeks() -> dt.datetime:
    return timezone.now() + AHEAD


@pytest.fixture(params=[-60, 0, 60], ids="worker's clock off by {} minutes".format)
def wrong(request, monkeypatch):
    """By how much a worker's clock is wrong."""
    wrong = dt.timedelta(minutes=request.param)
    monkeypatch.setattr(timezone, "now", lambda: REAL() + wrong)
    return wrong


def test_a_workers_clock_does_not_count(wrong):
    assert abs(clock.by_the_database() - REAL()) < SOON


def test_what_the_worker_believes_is_wrong(wrong):
    """The negative control."""
    assert abs(clock.now() - REAL() - wrong) < SOON


def test_time_that_is_simulated_counts(wrong, settings):
    settings.CLOCK = f"{__name__}.in_two_weeks"
    assert abs(clock.by_the_database() - REAL() - AHEAD) < SOON
