"""Two weeks that pass in a house of which the story has been told."""

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from campaigns import holdouts
from campaigns.models import Campaign, Delivery, Run
from config.demo import clock, passing, state, tasks
from config.demo.state import State
from config.demo.story import cast
from loyalty import clock as programme
from loyalty.models import Event, Load, Member, Purchase, Snapshot
from loyalty.refusal import Refused
from tests import making

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("told")]
TWO_WEEKS = dt.timedelta(days=14)


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that workers were called for."""
    called: list[str] = []
    monkeypatch.setattr(passing.current_app, "send_task", lambda name, **_: called.append(name))
    return called


@pytest.fixture
def before(house: Path) -> Iterator[State]:
    """What was remembered before, and is again afterwards."""
    known = state.current()
    yield known
    state.write(known)


def let_pass() -> None:
    passing.ask(at=clock.now())
    passing.carry_out(now=clock.now)


def test_clock_moves_by_two_weeks(before: State) -> None:
    let_pass()
    assert abs(clock.now() - timezone.now() - TWO_WEEKS) < dt.timedelta(seconds=1)
    assert state.current().lived_until == before.lived_until + TWO_WEEKS == programme.today()


def test_purchases_and_events_of_those_days_come_in_through_the_loader(before: State) -> None:
    already = set(Load.objects.values_list("pk", flat=True))
    let_pass()
    loads = Load.objects.exclude(pk__in=already)
    assert {(load.kind, load.state, load.rejected) for load in loads} == {
        ("purchases", "done", 0),
        ("events", "done", 0),
    }
    newest = Purchase.objects.order_by("-pk").values_list("purchased_at", flat=True)[: loads.get(kind="purchases").rows]
    days = [programme.local_day(at) for at in newest]
    assert before.lived_until <= min(days) <= max(days) < state.current().lived_until
    passed = state.current().passed
    assert {load.kind: load.rows for load in loads} == {"purchases": passed.purchases, "events": passed.events}


def test_profiles_are_built_anew_and_the_running_campaign_is_finished(before: State) -> None:
    running = Campaign.objects.get(state=Campaign.State.RUNNING)
    let_pass()
    assert Snapshot.objects.latest_ready().as_of == programme.today()
    running.refresh_from_db()
    assert running.state == Campaign.State.FINISHED
    assert state.current().passed.closed == (running.ref,)


def test_members_respond_to_what_was_just_sent(before: State) -> None:
    """An offer that the world has never heard of, made and sent in the product a moment ago."""
    run, members = sent_just_now(count=60)
    let_pass()
    opened = set(
        Event.objects.filter(offer_ref=run.offers.get().offer.ref, kind="open").values_list("member", flat=True)
    )
    assert opened
    assert opened <= {member.pk for member in members}
    redeemed = Purchase.objects.filter(offer_ref=run.offers.get().offer.ref)
    assert redeemed
    assert all(line.discount_amount > 0 for line in redeemed)


def sent_just_now(*, count: int) -> tuple[Run, list[Member]]:
    people = cast.of_the_logins()
    terms = making.approved_terms(
        author=people.marketer, approver=people.approver, kind="percent", value=40, category=""
    )
    run = making.run(making.campaign(), terms, state=Run.State.FINISHED)
    some = list(Member.objects.order_by("pk")[: 2 * count])
    apart = holdouts.universal([member.pk for member in some], run=run, at=clock.now())
    members = [member for member in some if member.pk not in apart][:count]
    for member in members:
        making.decision(run, member, offer=run.offers.get())
        Delivery.objects.create(
            run=run, member=member, run_offer=run.offers.get(), channel="email", state="sent", at=clock.now()
        )
    return run, members


def test_asking_twice_at_once_lets_it_pass_once(before: State, calls: list[str]) -> None:
    passing.ask(at=clock.now())
    passing.ask(at=clock.now())
    assert calls == [passing.TASK] * 2
    passing.carry_out(now=clock.now)
    passing.carry_out(now=clock.now)
    assert state.current().offset_seconds == before.offset_seconds + TWO_WEEKS.total_seconds()


def by_two_workers(monkeypatch: pytest.MonkeyPatch) -> int:
    """How often time passes when two workers begin at the same moment."""
    passed = []

    def slowly(_known: State, _stretch: object, *, at: dt.datetime) -> None:
        passed.append(at)
        time.sleep(0.2)
        state.change(passing=None)

    monkeypatch.setattr(passing, "_pass", slowly)
    passing.ask(at=clock.now())
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(passing.carry_out, now=clock.now) for _ in range(2)]:
            done.result()
    return len(passed)


def test_two_workers_at_once_let_it_pass_once(before: State, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_two_workers(monkeypatch) == 1


def test_without_the_lock_two_workers_would_let_it_pass_twice(before: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(passing, "locks", SimpleNamespace(alone=lambda _: nullcontext()))
    assert by_two_workers(monkeypatch) == 2


def test_what_broke_off_says_so_and_goes_on_where_it_was(before: State, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("The disk is full.")

    passing.ask(at=clock.now())
    with monkeypatch.context() as patch:
        patch.setattr(passing.profiles, "build", fail)
        with pytest.raises(OSError, match="disk"):
            tasks.let_time_pass()
    assert state.current().passing.sentence == passing.BROKEN_OFF
    assert state.current().offset_seconds == before.offset_seconds
    let_pass()
    assert state.current().passing is None
    assert state.current().lived_until == before.lived_until + TWO_WEEKS


def test_nothing_passes_while_a_campaign_is_being_sent(before: State, calls: list[str]) -> None:
    making.run(making.campaign(), state=Run.State.DELIVERING)
    with pytest.raises(Refused, match="being sent"):
        passing.ask(at=clock.now())
    assert calls == []
