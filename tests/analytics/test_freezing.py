import datetime as dt
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import Error, connection, transaction

from analytics import freezing
from analytics.models import Report
from campaigns.models import Campaign
from loyalty.models import Member
from tests import making
from tests.analytics.conftest import AFTER, decide, decide_alike

pytestmark = pytest.mark.django_db

LATER = AFTER + making.DAY


def late_purchase(run, net="100"):
    member = run.decisions.filter(held_out=True).first().member
    return making.purchase(member, at=making.NOON + making.DAY, net=net, margin="40")


def test_the_first_report_is_version_1_and_has_its_digest(run):
    decide_alike(run)
    frozen = freezing.freeze(run, as_of=AFTER)
    assert frozen.version == 1
    assert frozen.digest == hashlib.sha256(frozen.body.encode()).hexdigest()


def test_the_same_record_gives_the_same_bytes_a_hundred_times(run):
    decide_alike(run)
    frozen = freezing.freeze(run, as_of=AFTER)
    for _ in range(100):
        assert freezing.written(run, as_of=AFTER) == frozen.body


def test_a_report_that_would_say_the_same_again_is_not_kept_again(run):
    decide_alike(run)
    first = freezing.freeze(run, as_of=AFTER)
    assert freezing.freeze(run, as_of=LATER) == first
    assert Report.objects.count() == 1


def test_a_late_purchase_restates_the_report_as_a_new_version(run):
    decide_alike(run)
    first = freezing.freeze(run, as_of=AFTER)
    late_purchase(run)
    second = freezing.freeze(run, as_of=LATER)
    assert (second.version, second.as_of) == (2, LATER)
    assert second.told.of("spend").plain.each.value < first.told.of("spend").plain.each.value
    assert Report.objects.newest().get() == second


def test_two_weeks_after_the_window_a_report_is_final(run):
    decide_alike(run)
    final = freezing.freeze(run, as_of=run.outcomes_until + dt.timedelta(days=14))
    late_purchase(run)
    assert final.is_final
    assert freezing.freeze(run, as_of=run.outcomes_until + dt.timedelta(days=15)) == final


def test_the_last_version_is_kept_even_if_it_says_the_same(run):
    decide_alike(run)
    first = freezing.freeze(run, as_of=AFTER)
    final = freezing.freeze(run, as_of=run.outcomes_until + dt.timedelta(days=14))
    assert (final.version, final.is_final) == (2, True)
    assert replace(final.told, as_of=AFTER) == first.told


def test_before_that_it_is_not_final(run):
    decide_alike(run)
    assert not freezing.freeze(run, as_of=run.outcomes_until + dt.timedelta(days=13)).is_final


@pytest.mark.parametrize("change", ["UPDATE analytics_report SET code = 'x'", "DELETE FROM analytics_report"])
def test_the_database_refuses_to_change_a_report(run, change):
    decide_alike(run)
    freezing.freeze(run, as_of=AFTER)
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_database_refuses_a_body_with_another_digest(run):
    decide_alike(run)
    frozen = freezing.freeze(run, as_of=AFTER)
    frozen.pk, frozen.version, frozen.body = None, 2, frozen.body.replace("pays", "does_not_pay")
    with pytest.raises(Error, match="a_report_has_its_digest"), transaction.atomic():
        frozen.save(force_insert=True)


def test_limits_of_values_stay_those_of_the_first_version(run):
    for days in (3, 9):
        decide(run, [10] * 500, held_out=days == 3)
    for number, each in enumerate(run.decisions.select_related("member")):
        making.purchase(each.member, at=making.NOON - making.DAY, net=str(number % 100 + 1), margin="1")
    first = freezing.freeze(run, as_of=AFTER)
    whale = making.purchase(each.member, at=making.NOON - 2 * making.DAY, net="90000", margin="30000")
    late_purchase(run)
    second = freezing.freeze(run, as_of=LATER)
    assert whale.pk
    assert first.clip_at["spend"] == pytest.approx(100, abs=1)
    assert second.clip_at == first.clip_at


def test_what_is_read_back_is_what_was_told(run):
    decide_alike(run)
    frozen = freezing.freeze(run, as_of=AFTER)
    assert replace(frozen.told, as_of=LATER) != frozen.told
    assert frozen.told.campaign == Campaign.objects.get().ref


@pytest.mark.django_db(transaction=True)
def test_all_of_a_report_is_of_one_moment(run, monkeypatch):
    """What is committed while a report is gathered is not in it."""
    decide_alike(run)
    before = freezing.freeze(run, as_of=AFTER)
    gather = freezing.gather

    def slowly(*asked, **known):
        Member.objects.exists()  # the first question, at which the moment stands
        with ThreadPoolExecutor() as pool:
            pool.submit(elsewhere, late_purchase, run).result()
        return gather(*asked, **known)

    monkeypatch.setattr(freezing, "gather", slowly)
    assert freezing.freeze(run, as_of=LATER) == before
    monkeypatch.setattr(freezing, "gather", gather)
    assert freezing.freeze(run, as_of=LATER).version == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_at_once_keep_one_version(run, monkeypatch):
    decide_alike(run)
    gather, both = freezing.gather, Barrier(2)

    def together(*asked, **known):
        both.wait(timeout=20)
        return gather(*asked, **known)

    monkeypatch.setattr(freezing, "gather", together)
    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(elsewhere, freezing.freeze, run, as_of=AFTER) for _ in range(2)]
        frozen = [task.result() for task in tasks]
    assert frozen[0] == frozen[1] == Report.objects.get()


def elsewhere(work, *asked, **known):
    """Do it on a connection of its own."""
    try:
        return work(*asked, **known)
    finally:
        connection.close()
