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
        workspace: Path = settings.DATA / f"{PREFIX}{snapshot.pk}"
        workspace.mkdir()
        held = _hold(workspace)
    try:
        yield workspace
    except BaseException:
        with suppress(DatabaseError):  # what cannot be forgotten now is swept with its workspace by the next build
            _forget(snapshot.pk)
            shutil.rmtree(workspace, ignore_errors=True)
        raise
    else:
        shutil.rmtree(workspace, ignore_errors=True)
    finally:
        if held is not None:
            os.close(held)


def tell(workspace: Path, sentence: str) -> None:
    """Leave word of how far the build in this workspace is, for whoever looks in."""
    written = workspace / f"{TOLD}.new"
    written.write_text(sentence)
    written.replace(workspace / TOLD)


def underway() -> str:
    """What the newest build told last that is carried out now, in whatever process; nothing while there is none."""
    told = [file for file in settings.DATA.glob(f"{PREFIX}*/{TOLD}") if _is_held(file.parent)]
    with suppress(FileNotFoundError):  # it is over by now
        newest = max(told, key=lambda file: file.stat().st_mtime, default=None)
        return newest.read_text() if newest else ""
    return ""


def _is_held(workspace: Path) -> bool:
    """Whether a process builds in it. Whoever looks waits while another takes one, which must not find it held."""
    with _nobody_sweeping():
        try:
            held = _hold(workspace)
        except FileNotFoundError:
            return False
        if held is not None:
            os.close(held)
        return held is None


def _sweep() -> None:
    """Remove the workspaces that nobody holds, each with the snapshot that was begun in it."""
    for workspace in settings.DATA.glob(f"{PREFIX}*"):
        if (held := _hold(workspace)) is None:
            continue
        number = workspace.name.removeprefix(PREFIX)
        if number.isdecimal():
            _forget(int(number))
        shutil.rmtree(workspace)
        os.close(held)


def _forget(number: int) -> None:
    """Remove what there is of a snapshot that was not finished."""
    begun = Snapshot.objects.filter(pk=number, built_at=None)
    if begun.exists():
        for files in (settings.DATA / "snapshots").glob(f".{number}.*"):
            shutil.rmtree(files)
        shutil.rmtree(settings.DATA / "snapshots" / str(number), ignore_errors=True)
        begun.delete()


def _hold(workspace: Path) -> int | None:
    """A lock that goes with our process, however it ends; None while another process has it."""
    handle = os.open(workspace, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


@contextmanager
def _nobody_sweeping() -> Iterator[None]:
    """A workspace is made and held at once for everybody else."""
    with (settings.DATA / "building.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
