import pytest
from django.core.cache import cache
from django.db import connection

from config import tasks, uploads
from config.kinds import TARGETS
from loyalty import loading
from loyalty.models import Load, Store
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
    cache.delete_many([f"load-{load.pk}-attempts", f"load-{load.pk}-progress"])
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


def test_progress_is_told_to_the_page(started):
    tasks.load_file(started.pk)
    told = uploads.progress(started)
    assert (told.rows, told.done, told.doing) == (1, told.total, "writing")


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
