"""Files that people upload: kept until they are loaded or discarded, and loaded by a worker."""

import csv
import datetime as dt
import shutil
import uuid
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction

from config.kinds import TARGETS
from loyalty import loading
from loyalty.files.refusal import FileRefused
from loyalty.models import Load
from loyalty.refusal import Refused
from loyalty.staging.file import LoadedBy, Progress
from loyalty.staging.sample import Sample, sample

LOAD_FILE = "config.load_file"
MOST_BYTES = 2**30
MOST_ATTEMPTS = 5
ROWS_SHOWN = 20
UNFINISHED = (Load.State.WAITING, Load.State.LOADING)
_SECONDS_KEPT = 3600


def directory() -> Path:
    return Path(settings.DATA) / "uploads"


def receive(file: TemporaryUploadedFile, *, kind: str, by: User, at: dt.datetime) -> Load:
    """Keep an uploaded file until it is loaded or discarded; Refused, and not kept, if it cannot be read."""
    path = directory() / uuid.uuid4().hex
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file.temporary_file_path(), path)
    try:
        sample(TARGETS[kind], path, by=LoadedBy(by.pk, at), rows=ROWS_SHOWN)
    except FileRefused as refusal:
        path.unlink()
        raise Refused(str(refusal)) from None
    return loading.begin(TARGETS[kind], path, at=at, by=by, name=file.name or "")


def again(load: Load, *, by: User, at: dt.datetime) -> Load:
    """Hand a load's rejected rows to the workers once more; Refused where none of them could be kept."""
    rows = loading.quarantine_of(load)
    if not load.quality.get("kept_rows") or not rows.exists():
        raise Refused(f"No rejected row of {load.file_name} can be loaded as it is: mend the file and upload it.")
    path = directory() / uuid.uuid4().hex
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(rows, path)  # with its mode: it holds personal details
    found = loading.begin(TARGETS[load.kind], path, at=at, by=by, name=f"rejected rows of {load.file_name}")
    start(found)
    return found


def is_upload(load: Load) -> bool:
    """Whether the application itself put the file where it lies; any other is its owner's, and stays where it is."""
    path = Path(load.path)
    return load.loaded_by_id is not None and path.is_absolute() and path.parent.resolve() == directory().resolve()


def first_rows(load: Load) -> Sample:
    """The first rows of a file that waits, each with what would become of it; Refused if it cannot be read any more."""
    by = LoadedBy(load.loaded_by_id, load.started_at)
    try:
        return sample(TARGETS[load.kind], Path(load.path), by=by, rows=ROWS_SHOWN)
    except FileRefused as refusal:
        raise Refused(str(refusal)) from None


def first_rejects(load: Load) -> list[dict[str, str]]:
    """The first rows of the rejects file."""
    if not load.rejects_file:
        return []
    with (Path(settings.DATA) / load.rejects_file).open(encoding="utf-8", newline="") as file:
        return list(islice(csv.DictReader(file), ROWS_SHOWN))


def start(load: Load) -> None:
    """Hand a waiting file to the workers."""
    with transaction.atomic():
        load = _locked(load)
        _refuse_unless_waiting(load)
        Load.objects.filter(pk=load.pk).update(state=Load.State.LOADING)
        transaction.on_commit(lambda: call_a_worker(load.pk), robust=True)


def discard(load: Load) -> None:
    """Forget a file that waits, or one whose loading on the command line broke off; only an upload goes with it."""
    with transaction.atomic():
        found = _locked(load)
        if is_upload(found):
            _refuse_unless_waiting(found)
        else:
            _refuse_unless_broken_off(found)
        found.delete()
        transaction.on_commit(lambda: _remove(found))


def carry_out(load: Load) -> None:
    """Load a file that was started, then delete the upload; harmless when repeated, or done elsewhere meanwhile."""
    if load.state != Load.State.LOADING or not is_upload(load) or loading.is_held(load):
        return
    if _attempts(load) > MOST_ATTEMPTS:
        loading.refuse(load, loading.BROKEN_OFF)
        return
    try:
        loading.carry_out(load, TARGETS[load.kind])
    except Refused:
        load.refresh_from_db()
    if load.state in (Load.State.DONE, Load.State.REFUSED):
        _remove(load)


def progress(load: Load) -> Progress | None:
    """How far a load is, whoever carries it out; None while nobody does."""
    seconds = loading.held().get(load.pk)
    if seconds is None:
        return None
    doing = "writing" if load.bytes_read >= load.bytes_total else "reading"
    return Progress(load.bytes_read, load.bytes_total, load.rows, seconds, doing)


def broken_off(loads: Iterable[Load]) -> set[int]:
    """The loads from the command line that were begun, and that nobody carries out any more."""
    suspects = [load.pk for load in loads if load.state in UNFINISHED and not is_upload(load)]
    if not suspects:
        return set()
    gone = set(suspects) - loading.held().keys()
    # One that came to its end since it was asked for is not held either.
    return set(Load.objects.filter(pk__in=gone, state__in=UNFINISHED).values_list("pk", flat=True))


def call_a_worker(load_id: int) -> None:
    current_app.send_task(LOAD_FILE, [load_id], retry=False)


def sweep() -> None:
    """Call again for files that were started and that nobody is loading."""
    for load in Load.objects.filter(state=Load.State.LOADING, path__startswith=f"{directory()}/"):
        if not loading.is_held(load):
            call_a_worker(load.pk)


def _remove(load: Load) -> None:
    if is_upload(load):
        Path(load.path).unlink(missing_ok=True)


def _locked(load: Load) -> Load:
    found = Load.objects.select_for_update(of=("self",)).filter(pk=load.pk).first()
    if found is None:
        raise Refused(f"{load.file_name} was discarded: bring it in again.")
    return found


def _refuse_unless_waiting(load: Load) -> None:
    if not is_upload(load):
        raise Refused(f"{load.file_name} was brought in on the command line: load it again there.")
    if load.state != Load.State.WAITING:
        raise Refused(f"{load.file_name} does not wait any more: it is {load.get_state_display().lower()}.")


def _refuse_unless_broken_off(load: Load) -> None:
    if load.state not in UNFINISHED:
        raise Refused(f"{load.file_name} is {load.get_state_display().lower()} already: there is nothing to discard.")
    if not broken_off([load]):
        raise Refused(f"{load.file_name} is being loaded on the command line: stop it there, or wait until it is done.")


def _attempts(load: Load) -> int:
    key = f"load-{load.pk}-attempts"
    cache.add(key, 0, _SECONDS_KEPT)
    return int(cache.incr(key))
