import pytest

from analytics import tasks
from analytics.models import Report
from campaigns.models import Run
from tests import making
from tests.analytics.conftest import AFTER, decide_alike

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_on(monkeypatch):
    """Runs that a worker would be asked to report on, by number."""
    asked = []
    monkeypatch.setattr(tasks.freeze_report, "delay", asked.append)
    return asked


def test_a_worker_freezes_the_report_of_a_run(run, now):
    decide_alike(run)
    now(AFTER)
    tasks.freeze_report(run.pk)
    assert Report.objects.get().as_of == AFTER


def test_every_night_open_runs_are_told_of(run, now, handed_on):
    decide_alike(run)
    now(making.NOON + making.DAY)
    tasks.freeze_reports()
    assert handed_on == [run.pk]


def test_a_run_that_decided_on_nobody_is_not(run, now, handed_on):
    now(AFTER)
    tasks.freeze_reports()
    assert handed_on == []


@pytest.mark.parametrize("state", [Run.State.PLANNING, Run.State.FAILED])
def test_nor_is_one_that_is_not_yet_or_never_carried_out(run, now, handed_on, state):
    decide_alike(run)
    Run.objects.update(state=state)
    now(AFTER)
    tasks.freeze_reports()
    assert handed_on == []


def test_a_final_report_is_not_made_again(run, now, handed_on):
    decide_alike(run)
    now(run.outcomes_until + 15 * making.DAY)
    tasks.freeze_report(run.pk)
    tasks.freeze_reports()
    assert handed_on == []


def test_a_window_that_closes_is_told_of_once(run, now, handed_on):
    decide_alike(run)
    now(run.outcomes_until - making.DAY)
    tasks.freeze_report(run.pk)
    tasks.close_reports()
    assert handed_on == []
    now(run.outcomes_until)
    tasks.close_reports()
    assert handed_on == [run.pk]
    tasks.freeze_report(run.pk)
    tasks.close_reports()
    assert handed_on == [run.pk]
