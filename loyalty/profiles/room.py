"""A directory of its own for each build, and the end of what a build left behind that failed or was killed."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from loyalty.models import Snapshot

PREFIX = "building-"


@contextmanager
def of(snapshot: Snapshot) -> Iterator[Path]:
    """Where a build lays aside what is not held in memory; gone afterwards, with the snapshot of one that failed."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with _nobody_sweeping():
        _sweep()
        room: Path = settings.DATA / f"{PREFIX}{snapshot.pk}"
        room.mkdir()
        held = _hold(room)
    try:
        yield room
    except BaseException:
        with suppress(DatabaseError):  # what cannot be forgotten now is swept with its room by the next build
            _forget(snapshot.pk)
            shutil.rmtree(room, ignore_errors=True)
        raise
    else:
        shutil.rmtree(room, ignore_errors=True)
    finally:
        if held is not None:
            os.close(held)


def _sweep() -> None:
    """Remove the rooms that nobody holds, each with the snapshot that was begun in it."""
    for room in settings.DATA.glob(f"{PREFIX}*"):
        if (held := _hold(room)) is None:
            continue
        number = room.name.removeprefix(PREFIX)
        if number.isdecimal():
            _forget(int(number))
        shutil.rmtree(room)
        os.close(held)


def _forget(number: int) -> None:
    """Remove what there is of a snapshot that was not finished."""
    begun = Snapshot.objects.filter(pk=number, built_at=None)
    if begun.exists():
        for files in (settings.DATA / "snapshots").glob(f".{number}.*"):
            shutil.rmtree(files)
        shutil.rmtree(settings.DATA / "snapshots" / str(number), ignore_errors=True)
        begun.delete()


def _hold(room: Path) -> int | None:
    """A lock that goes with our process, however it ends; None while another process has it."""
    handle = os.open(room, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


@contextmanager
def _nobody_sweeping() -> Iterator[None]:
    """A room is made and held at once for everybody else."""
    with (settings.DATA / "building.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
