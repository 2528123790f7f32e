import datetime as dt
import fcntl
import os

import pytest
from django.db import DatabaseError

from loyalty import profiles
from loyalty.models import Snapshot
from loyalty.profiles import workspace
from tests import making

pytestmark = pytest.mark.django_db

AS_OF = dt.date(2026, 3, 3)


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def killed(data):
    """What a build leaves that was killed while it wrote the snapshot."""
    begun = Snapshot.objects.create(as_of=AS_OF, started_at=making.NOON)
    for name in (f"building-{begun.pk}", f"snapshots/.{begun.pk}.abc", f"snapshots/{begun.pk}", "building-of_old"):
        (data / name).mkdir(parents=True)
        (data / name / "part").write_bytes(b"1")
    return begun


def names(data):
    return sorted(str(path.relative_to(data)) for depth in ("*", "*/*") for path in data.glob(depth) if path.is_dir())


def build():
    making.member()
    return profiles.build(AS_OF, at=making.NOON)


def test_a_build_leaves_its_snapshot_and_nothing_else(data):
    built = build()
    assert names(data) == ["snapshots", f"snapshots/{built.pk}"]


def test_the_next_build_removes_what_a_killed_one_left(data, killed):
    built = build()
    assert names(data) == ["snapshots", f"snapshots/{built.pk}"]
    assert list(Snapshot.objects.all()) == [built]


def test_a_build_that_still_runs_keeps_its_room(data, killed):
    held = os.open(data / f"building-{killed.pk}", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    build()
    os.close(held)
    assert {f"building-{killed.pk}", f"snapshots/.{killed.pk}.abc"} <= set(names(data))
    assert Snapshot.objects.filter(pk=killed.pk).exists()


def test_a_snapshot_that_was_finished_keeps_its_files(data, killed):
    Snapshot.objects.filter(pk=killed.pk).update(built_at=making.NOON)
    build()
    assert f"snapshots/{killed.pk}" in names(data)
    assert f"building-{killed.pk}" not in names(data)


def test_a_build_that_fails_leaves_no_room(data, monkeypatch):
    monkeypatch.setattr(profiles.features, "build", fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        build()
    assert names(data) == []


@pytest.mark.parametrize("where", ["features.build", "history.write", "storage.write"])
def test_a_build_that_fails_leaves_no_snapshot(data, monkeypatch, where):
    monkeypatch.setattr(f"loyalty.profiles.{where}", fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        build()
    assert not Snapshot.objects.exists()


def test_a_build_that_cannot_even_say_that_it_failed_is_swept_by_the_next(data, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(profiles.features, "build", fail)
        broken.setattr(workspace, "_forget", lost)
        with pytest.raises(RuntimeError, match="on purpose"):
            build()
    built = build()
    assert list(Snapshot.objects.all()) == [built]
    assert names(data) == ["snapshots", f"snapshots/{built.pk}"]


def test_what_a_build_tells_is_heard_while_it_goes_on_and_no_longer(data):
    heard = []
    making.member()
    profiles.build(AS_OF, at=making.NOON, report=lambda said: heard.append((said, workspace.underway())))
    assert heard
    assert all(said == listened for said, listened in heard)
    assert workspace.underway() == ""


def test_of_a_killed_build_nothing_is_heard(data, killed):
    workspace.tell(data / f"building-{killed.pk}", "Writing the snapshot")
    assert workspace.underway() == ""


def lost(_):
    raise DatabaseError("The connection is lost.")


def fail(*_, **__):
    raise RuntimeError("on purpose")


def test_a_room_is_held_while_it_is_used(data):
    begun = Snapshot.objects.create(as_of=AS_OF, started_at=making.NOON)
    with workspace.of(begun) as directory:
        assert workspace._hold(directory) is None
    assert not directory.exists()
