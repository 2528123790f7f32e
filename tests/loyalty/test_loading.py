import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from django.db import connection

from config.kinds import TARGETS
from loyalty import loading
from loyalty.models import Load, Store
from loyalty.refusal import Refused
from tests.bringing import AT, bring, data, fates, rejects

__all__ = ["bring", "data"]

STORES = "store_ref,name\ns1,North\n,Nameless\ns2,South\n"


def file(data, content=STORES):
    path = data / "stores.csv"
    path.write_text(content)
    return path


def test_every_row_is_accounted_for(bring):
    result = bring("stores", STORES)
    assert result.rows == sum(fates(result)) == 3


def test_a_load_is_recorded_with_its_counts_and_who_did_it(bring, otto):
    bring("stores", STORES, by=otto)
    record = Load.objects.get()
    assert (record.kind, record.file_name, record.state, record.loaded_by) == ("stores", "stores.csv", "done", otto)
    assert (record.rows, record.loaded, record.rejected) == (3, 2, 1)
    assert record.bytes_read == record.bytes_total == len(STORES)
    assert record.finished_at >= record.started_at


def test_rejected_rows_can_be_fetched(bring, data):
    result = bring("stores", STORES)
    assert rejects(result) == [(3, "store_ref", "", "is empty, and must not be")]
    assert str(data / Load.objects.get().rejects_file) == result.rejects_file


def test_a_file_without_rejects_has_no_rejects_file(bring, data):
    assert bring("stores", "store_ref,name\ns1,North\n").rejects_file == ""
    assert not list((data / "rejects").iterdir())


def test_a_header_alone_loads_no_rows(bring):
    assert bring("stores", "store_ref,name\n").rows == 0


def test_a_refused_file_is_recorded_with_its_sentence(bring, data):
    with pytest.raises(Refused, match="lacks the column “name”"):
        bring("stores", "store_ref\ns1\n")
    record = Load.objects.get()
    assert (record.state, record.sentence[:8], record.rows) == ("refused", "The file", 0)
    assert not list((data / "rejects").iterdir())


def test_a_file_that_is_refused_half_way_leaves_nothing(bring, monkeypatch):
    monkeypatch.setattr("loyalty.files.source.PIECE", 1000)
    monkeypatch.setattr("loyalty.files.records.LONGEST_ROW", 3000)
    rows = "".join(f"s{number},Store\n" for number in range(1000))
    with pytest.raises(Refused, match="Line 1002"):
        bring("stores", f"store_ref,name\n{rows}{'x' * 5000}")
    assert not Store.objects.exists()


def test_a_missing_file_is_refused(db, data):
    with pytest.raises(Refused, match="cannot be opened"):
        loading.load(TARGETS["stores"], data / "none.csv", at=AT)


def test_a_dry_run_says_the_same_and_keeps_only_the_rejects(bring):
    rehearsed = bring("stores", STORES, dry_run=True)
    assert not Store.objects.exists()
    assert not Load.objects.exists()
    assert rejects(rehearsed)
    assert fates(bring("stores", STORES)) == fates(rehearsed)


def test_an_error_of_the_program_is_recorded_and_not_hidden(bring, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("loyalty.staging.merging.merge", fail)
    with pytest.raises(ZeroDivisionError):
        bring("stores", STORES)
    assert Load.objects.get().sentence == loading.BROKEN_OFF


def test_progress_is_told_by_block(db, data, monkeypatch):
    monkeypatch.setattr("loyalty.files.source.PIECE", 100)
    told = []
    content = "store_ref,name\n" + "".join(f"s{number},Store\n" for number in range(100))
    loading.load(TARGETS["stores"], file(data, content), at=AT, report=told.append)
    assert len(told) > 5
    assert [step.rows for step in told] == sorted(step.rows for step in told)
    assert (told[-1].done, told[-1].rows, told[-1].doing) == (told[-1].total, 100, "writing")


def test_carrying_out_a_load_twice_changes_nothing(db, data, otto):
    record = loading.begin(TARGETS["stores"], file(data), at=AT, by=otto)
    first = loading.carry_out(record, TARGETS["stores"])
    again = loading.carry_out(record, TARGETS["stores"])
    assert first == again
    assert len(rejects(again)) == 1


@pytest.mark.django_db(transaction=True)
def test_progress_can_be_seen_while_a_file_is_loaded(data):
    seen = []
    record = loading.begin(TARGETS["stores"], file(data), at=AT, by=None)
    other = connection.copy()

    def look(_):
        with other.cursor() as cursor:
            cursor.execute("SELECT state, rows FROM loyalty_load WHERE id = %s", [record.pk])
            seen.append(cursor.fetchone())

    loading.carry_out(record, TARGETS["stores"], report=look)
    other.close()
    assert seen[-1] == ("loading", 3)


@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_being_carried_out_is_refused_elsewhere(data):
    record = loading.begin(TARGETS["stores"], file(data), at=AT, by=None)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7301, %s)", [record.pk])
        assert loading.is_held(record)
        with pytest.raises(Refused, match="being loaded already"):
            loading.carry_out(record, TARGETS["stores"])
    other.close()
    record.refresh_from_db()
    assert record.state == Load.State.WAITING
    assert not loading.is_held(record)


@pytest.mark.django_db(transaction=True)
def test_of_two_loads_of_one_file_at_once_one_changes_something(data):
    path, barrier, results = file(data, "store_ref,name\ns1,North\ns2,South\n"), threading.Barrier(2), []

    def run():
        barrier.wait()
        results.append(fates(loading.load(TARGETS["stores"], path, at=AT)))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [(0, 0, 2, 0), (2, 0, 0, 0)]


KILLED = """
    import os, signal, sys
    from pathlib import Path
    import django
    django.setup()
    from django.db import connections
    connections["default"].settings_dict["NAME"] = sys.argv[1]
    from config.kinds import TARGETS
    from loyalty import loading
    from loyalty.staging import {module}
    from tests.bringing import AT
    def die(*_, **__):
        {before}
        os.kill(os.getpid(), signal.SIGKILL)
    {module}.{function} = die
    loading.load(TARGETS["stores"], Path(sys.argv[2]), at=AT)
"""


def load_and_die(path, point, *, before="pass"):
    module, function = point.split(".")
    code = textwrap.dedent(KILLED.format(module=module, function=function, before=before))
    arguments = [sys.executable, "-c", code, connection.settings_dict["NAME"], str(path)]
    assert subprocess.run(arguments, check=False, env=os.environ).returncode == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["table.fill", "merging.merge", "judging.rejects"])
def test_a_killed_load_leaves_nothing_half_loaded_and_can_be_repeated(data, point):
    path = file(data)
    load_and_die(path, point)
    assert not Store.objects.exists()
    broken_off = Load.objects.get()
    assert broken_off.state != Load.State.DONE
    assert not loading.is_held(broken_off)
    assert loading.load(TARGETS["stores"], path, at=AT).loaded == 2


@pytest.mark.django_db(transaction=True)
def test_rows_that_a_killed_load_had_committed_would_be_noticed(data):
    load_and_die(file(data), "judging.rejects", before='connections["default"].connection.commit()')
    assert Store.objects.exists()
