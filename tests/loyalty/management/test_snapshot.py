import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from loyalty import profiles
from loyalty.models import Snapshot
from tests import making

pytestmark = pytest.mark.django_db

TODAY = making.NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def room(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr("loyalty.clock.now", lambda: making.NOON)


def refused(*asked):
    with pytest.raises(CommandError) as refusal:
        call_command("snapshot", *asked)
    return str(refusal.value)


def test_a_snapshot_of_a_day_after_tomorrow_is_refused():
    said = refused("--as-of", "2027-06-01")
    assert said == (
        "What is known at the start of 1 June 2027 cannot be told on 2 March 2026: ask for 3 March 2026 at the latest."
    )
    assert not Snapshot.objects.exists()


def test_a_snapshot_of_tomorrow_is_built():
    call_command("snapshot", "--as-of", "2026-03-03")
    assert Snapshot.objects.latest_ready().as_of == TODAY + DAY


def test_tomorrow_is_the_retailers(settings):
    """At noon in London it is the third of March already in Kiritimati."""
    settings.TIME_ZONE = "Pacific/Kiritimati"
    call_command("snapshot", "--as-of", "2026-03-04")
    assert Snapshot.objects.latest_ready().as_of == TODAY + 2 * DAY


@pytest.mark.parametrize("text", ["junk", "2026-02-30", "20260301x", ""])
def test_what_is_no_day_is_refused_in_one_sentence(text):
    assert refused("--as-of", text) == f"“{text}” is not a day: write it in the form YYYY-MM-DD."


def test_a_snapshot_that_ran_ahead_of_its_day_is_never_the_latest():
    right = profiles.build(TODAY, at=making.NOON)
    ahead = profiles.build(TODAY, at=making.NOON)
    Snapshot.objects.filter(pk=ahead.pk).update(as_of=dt.date(2027, 6, 1))
    assert Snapshot.objects.latest_ready() == right


def test_a_withdrawn_snapshot_gives_way_to_the_one_before():
    before, wrong = (profiles.build(TODAY - days * DAY, at=making.NOON) for days in (1, 0))
    call_command("snapshot", "--withdraw", str(wrong.pk), "--why", "half of the purchases were missing")
    assert Snapshot.objects.latest_ready() == before
    wrong.refresh_from_db()
    assert (wrong.withdrawn_at, wrong.withdrawn_why) == (making.NOON, "half of the purchases were missing")


def test_a_withdrawn_snapshot_keeps_its_files_for_the_runs_that_used_it():
    wrong = profiles.build(TODAY, at=making.NOON)
    profiles.withdraw(wrong.pk, why="a test", at=making.NOON)
    assert len(profiles.opened(wrong, on=wrong.as_of)) == 0


def test_withdrawing_wants_a_reason():
    wrong = profiles.build(TODAY, at=making.NOON)
    assert "Say why with --why" in refused("--withdraw", str(wrong.pk))
    assert Snapshot.objects.latest_ready() == wrong


def test_a_snapshot_is_withdrawn_once():
    wrong = profiles.build(TODAY, at=making.NOON)
    profiles.withdraw(wrong.pk, why="a test", at=making.NOON)
    assert "was withdrawn on 2 March 2026" in refused("--withdraw", str(wrong.pk), "--why", "again")


def test_a_number_that_no_snapshot_has_is_refused_with_those_there_are():
    known = profiles.build(TODAY, at=making.NOON)
    said = refused("--withdraw", "999999999", "--why", "a test")
    assert said == f"There is no snapshot 999999999: the newest are {known.pk} (of 2 March 2026)."
