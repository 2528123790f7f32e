import pytest

from analytics import freezing, hints, making
from analytics.models import Making, Report
from loyalty.refusal import Refused
from tests.analytics.conftest import AFTER, decide_alike

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch):
    """The makings for which a worker was called."""
    found = []
    monkeypatch.setattr(hints, "make_report", found.append)
    return found


def test_asking_calls_a_worker_and_names_who_asked(run, campaign, ana, called):
    decide_alike(run)
    made = making.ask(campaign, by=ana, at=AFTER)
    assert (called, made.asked_by) == ([made.pk], ana)


def test_asking_twice_calls_one_worker(run, campaign, called):
    decide_alike(run)
    first, second = (making.ask(campaign, by=None, at=AFTER) for _ in range(2))
    assert (first, len(called)) == (second, 1)


def test_asking_again_after_a_worker_was_lost_calls_another(run, campaign, called):
    decide_alike(run)
    making.ask(campaign, by=None, at=AFTER)
    making.ask(campaign, by=None, at=AFTER + 2 * making.GIVEN_UP)
    assert len(called) == 2


def test_a_campaign_that_decided_on_nobody_is_refused(run, campaign, called):
    with pytest.raises(Refused):
        making.ask(campaign, by=None, at=AFTER)
    assert not called


def test_what_is_made_is_kept(run):
    decide_alike(run)
    asked = Making.objects.create(run=run, asked_at=AFTER)
    making.make(asked, at=AFTER)
    assert (Report.objects.get().run, Making.objects.get().finished_at) == (run, AFTER)


def test_why_nothing_was_made_is_kept(run, monkeypatch):
    def refuse(*_, **__):
        raise Refused("Load purchases first.")

    monkeypatch.setattr(freezing, "freeze", refuse)
    making.make(Making.objects.create(run=run, asked_at=AFTER), at=AFTER)
    assert Making.objects.get().sentence == "Load purchases first."


def test_a_failure_is_told_to_who_waits_and_to_who_runs_the_workers(run, monkeypatch):
    monkeypatch.setattr(freezing, "freeze", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        making.make(Making.objects.create(run=run, asked_at=AFTER), at=AFTER)
    assert Making.objects.get().sentence == making.FAILED


def test_the_programme_is_told_by_quarters(db, monkeypatch):
    frozen = []
    monkeypatch.setattr("analytics.programme.freezing.freeze_all", lambda *, as_of: frozen.append(as_of))
    making.make(Making.objects.create(asked_at=AFTER), at=AFTER)
    assert frozen == [AFTER]


def test_a_report_that_is_being_made_does_not_stand_for_the_programmes(run, campaign, called):
    decide_alike(run)
    making.ask(campaign, by=None, at=AFTER)
    making.ask_for_programme(by=None, at=AFTER)
    assert len(called) == 2
