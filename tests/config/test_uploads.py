from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from config import tasks, uploads
from config.kinds import TARGETS
from loyalty import loading
from loyalty.models import Load, Store
from loyalty.refusal import Refused
from tests.bringing import AT, data

__all__ = ["data"]


@pytest.fixture
def called(monkeypatch):
    """The loads that workers were called for."""
    calls = []
    monkeypatch.setattr(uploads, "call_a_worker", calls.append)
    return calls


@pytest.fixture
def started(db, data, otto):
    """A file that was uploaded and started."""
    path = uploads.directory() / "file"
    path.parent.mkdir(parents=True)
    path.write_text("store_ref,name\ns1,North\n")
    load = loading.begin(TARGETS["stores"], path, at=AT, by=otto, name="stores.csv")
    Load.objects.filter(pk=load.pk).update(state=Load.State.LOADING)
    load.refresh_from_db()
    cache.delete(f"load-{load.pk}-attempts")
    return load


def test_the_task_loads_the_file_and_deletes_the_upload(started):
    tasks.load_file(started.pk)
    started.refresh_from_db()
    assert (started.state, started.loaded) == ("done", 1)
    assert not list(uploads.directory().iterdir())


def test_the_task_may_come_twice(started):
    tasks.load_file(started.pk)
    tasks.load_file(started.pk)
    assert Store.objects.count() == 1
    assert Load.objects.get().loaded == 1


def test_a_load_that_was_discarded_meanwhile_is_no_error(db):
    tasks.load_file(10**9)


def test_a_file_that_nobody_started_is_not_loaded(started):
    Load.objects.update(state=Load.State.WAITING)
    tasks.load_file(started.pk)
    assert not Store.objects.exists()


def test_a_file_that_was_refused_is_deleted_and_its_reason_kept(started):
    (uploads.directory() / "file").write_text("%PDF-1.7")
    tasks.load_file(started.pk)
    started.refresh_from_db()
    assert (started.state, "PDF" in started.sentence) == ("refused", True)
    assert not list(uploads.directory().iterdir())


def test_a_file_that_breaks_its_worker_is_given_up_in_the_end(started, monkeypatch):
    def dies(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "carry_out", dies)
    for _ in range(uploads.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            tasks.load_file(started.pk)
    tasks.load_file(started.pk)
    started.refresh_from_db()
    assert (started.state, started.sentence) == ("refused", loading.BROKEN_OFF)


# -- files that are not ours -------------------------------------------------------------------------------------------


@pytest.fixture
def own_file(data):
    """A file of the retailer's, somewhere on the machine."""
    path = data / "export" / "stores.csv"
    path.parent.mkdir()
    path.write_text("store_ref,name\ns1,North\n")
    return path


def broken_off(file, **told):
    """A load from the command line that ended half way."""
    load = loading.begin(TARGETS["stores"], file, at=AT, by=None)
    Load.objects.filter(pk=load.pk).update(**({"state": Load.State.LOADING} | told))
    load.refresh_from_db()
    return load


@pytest.mark.parametrize("state", uploads.UNFINISHED)
def test_discarding_a_load_from_the_command_line_leaves_its_file(
    db, own_file, state, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        uploads.discard(broken_off(own_file, state=state))
    assert own_file.exists()
    assert not Load.objects.exists()


def test_a_relative_path_is_nobodys_upload(db, own_file, otto, monkeypatch, django_capture_on_commit_callbacks):
    """As records of earlier versions have them: the page's own directory says nothing about where the file lies."""
    uploads.directory().mkdir()
    (uploads.directory() / "stores.csv").write_text("another file")
    monkeypatch.chdir(uploads.directory())
    with django_capture_on_commit_callbacks(execute=True):
        uploads.discard(broken_off(own_file, path="stores.csv", loaded_by=otto))
    assert (uploads.directory() / "stores.csv").exists()


def test_a_file_that_the_command_line_took_from_among_the_uploads_stays(db, data, django_capture_on_commit_callbacks):
    path = uploads.directory() / "stores.csv"
    path.parent.mkdir()
    path.write_text("store_ref,name\n")
    with django_capture_on_commit_callbacks(execute=True):
        uploads.discard(broken_off(path))
    assert path.exists()


def test_an_upload_cannot_point_out_of_its_directory(started, own_file, django_capture_on_commit_callbacks):
    path = f"{uploads.directory()}/../export/stores.csv"
    Load.objects.update(path=path, state=Load.State.WAITING)
    with django_capture_on_commit_callbacks(execute=True):
        uploads.discard(Load.objects.get())
    assert own_file.exists()


def test_a_worker_does_not_load_the_command_lines_files(db, own_file):
    tasks.load_file(broken_off(own_file).pk)
    assert not Store.objects.exists()
    assert own_file.exists()


def test_a_load_from_the_command_line_is_not_started_from_the_page(db, own_file, called):
    with pytest.raises(Refused, match="on the command line"):
        uploads.start(broken_off(own_file, state=Load.State.WAITING))


def test_what_is_loaded_already_is_not_discarded(db, own_file):
    loading.load(TARGETS["stores"], own_file, at=AT)
    with pytest.raises(Refused, match="loaded already"):
        uploads.discard(Load.objects.get())
    assert Load.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_the_command_line_is_loading_now_is_not_discarded(own_file):
    load = broken_off(own_file)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7301, %s)", [load.pk])
        with pytest.raises(Refused, match="being loaded on the command line"):
            uploads.discard(load)
    other.close()
    assert Load.objects.exists()


def test_a_path_is_kept_as_it_is_found_from_anywhere(db, own_file, monkeypatch):
    monkeypatch.chdir(own_file.parent)
    load = loading.begin(TARGETS["stores"], Path("../export/stores.csv"), at=AT, by=None)
    assert load.path == str(own_file)


# -- how far it is -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["an upload", "the command line"])
def test_progress_is_the_same_whoever_loads(own_file, otto, who):
    load = loading.begin(TARGETS["stores"], own_file, at=AT, by=otto if who == "an upload" else None)
    seen = []
    loading.carry_out(
        load, TARGETS["stores"], report=lambda _: seen.append(uploads.progress(Load.objects.get(pk=load.pk)))
    )
    size = own_file.stat().st_size
    assert [step[:3] for step in seen] == [(0, size, 0), (size, size, 1), (size, size, 1)]
    assert [step.doing for step in seen] == ["reading", "writing", "writing"]
    assert 0 < seen[0].seconds < seen[-1].seconds < 60


def test_without_a_process_that_loads_there_is_no_progress(started):
    assert uploads.progress(started) is None


@pytest.mark.django_db(transaction=True)
def test_a_load_that_nobody_carries_out_any_more_broke_off(own_file, otto):
    lost, held, waits = (
        broken_off(own_file),
        broken_off(own_file),
        broken_off(uploads.directory() / "f", loaded_by=otto),
    )
    done = broken_off(own_file, state=Load.State.DONE)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7301, %s)", [held.pk])
        assert uploads.broken_off([lost, held, waits, done]) == {lost.pk}
    other.close()


def test_a_load_that_ended_since_it_was_asked_for_did_not_break_off(db, own_file):
    load = broken_off(own_file)
    Load.objects.update(state=Load.State.DONE)
    assert uploads.broken_off([load]) == set()


# -- the sweeper -------------------------------------------------------------------------------------------------------


def test_the_sweeper_calls_for_a_started_file_that_nobody_loads(started, called):
    tasks.sweep_uploads()
    assert called == [started.pk]


def test_the_sweeper_leaves_alone_what_waits_or_is_done(started, called):
    Load.objects.update(state=Load.State.WAITING)
    tasks.sweep_uploads()
    assert called == []


def test_the_sweeper_leaves_the_command_lines_files_alone(started, called):
    Load.objects.update(path="/elsewhere/stores.csv")
    tasks.sweep_uploads()
    assert called == []


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_leaves_alone_what_is_being_loaded(started, called):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7301, %s)", [started.pk])
        tasks.sweep_uploads()
    other.close()
    assert called == []
