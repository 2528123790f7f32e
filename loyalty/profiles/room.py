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
TOLD = "told"


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


def tell(room: Path, sentence: str) -> None:
    """Leave word of how far the build in this room is, for whoever looks in."""
    written = room / f"{TOLD}.new"
    written.write_text(sentence)
    written.replace(room / TOLD)


def underway() -> str:
    """What the newest build told last that is carried out now, in whatever process; nothing while there is none."""
    rooms = [room for room in settings.DATA.glob(f"{PREFIX}*") if _is_held(room) and (room / TOLD).exists()]
    with suppress(FileNotFoundError):  # it is over by now
        return max(rooms, key=lambda room: (room / TOLD).stat().st_mtime).joinpath(TOLD).read_text() if rooms else ""
    return ""


def _is_held(room: Path) -> bool:
    """Whether a process builds in it. Whoever looks waits until nobody takes a room, so that none finds it held."""
    with _nobody_sweeping():
        try:
            held = _hold(room)
        except FileNotFoundError:
            return False
        if held is not None:
            os.close(held)
        return held is None


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
