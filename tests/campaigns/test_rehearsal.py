import pytest

from campaigns import planning, rehearsal
from campaigns.models import DryRun
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def dry_run(draft):
    return DryRun.objects.create(campaign=draft, started_at=making.NOON, stage="Waiting for a worker")


def rehearsed(dry_run):
    rehearsal.rehearse(dry_run, at=making.NOON, on=TODAY)
    dry_run.refresh_from_db()
    return dry_run


def test_a_dry_run_keeps_its_report(dry_run):
    assert rehearsed(dry_run).report["eligible"] == 54
    assert (dry_run.stage, dry_run.sentence, dry_run.finished_at) == ("", "", making.NOON)


def test_a_refused_dry_run_keeps_the_reason(dry_run):
    dry_run.campaign.hypothesis = ""
    assert "hypothesis is empty" in rehearsed(dry_run).sentence
    assert dry_run.report is None


def test_a_dry_run_that_fails_is_over_and_says_so(dry_run, monkeypatch):
    """Else its page would wait for ever."""

    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(planning, "plan", fail)
    with pytest.raises(ZeroDivisionError):
        rehearsed(dry_run)
    dry_run.refresh_from_db()
    assert (dry_run.sentence, dry_run.finished_at) == (rehearsal.FAILED, making.NOON)
