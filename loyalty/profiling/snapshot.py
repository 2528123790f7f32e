"""A snapshot: profiles as a directory of memory-mapped columns with a manifest, written once and never changed.

The same profiles give the same bytes. Numbers are kept in the narrowest type that holds all of a column exactly. Files
are numbered, since names hold a retailer's own words; `manifest.json` says which column each is, what it means, and its
SHA-256.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from loyalty.profiling.disk import LengthError, flush, flush_names, mapped
from loyalty.profiling.history import files
from loyalty.profiling.history.index import History
from loyalty.profiling.refs import Refs
from loyalty.profiling.steps import Steps, narrowed
from loyalty.profiling.table import Column, Feature, Profiles
from loyalty.profiling.vocabulary import Vocabulary

VERSION = 2
READABLE = (1, VERSION)  # in the first, every number is a float
MANIFEST = "manifest.json"
MEMBER_IDS = "member_ids.npy"
HISTORY = "history"
REFS, REF_LENGTHS = "refs.npy", "ref_lengths.npy"

Manifest = dict[str, Any]


class SnapshotDamagedError(Exception):
    """A snapshot that is not what was written, with one sentence that says what is wrong."""


def write(profiles: Profiles, directory: Path, *, history: Path | None = None, refs: Refs | None = None) -> Manifest:
    """Write a snapshot and return its manifest; FileExistsError where the directory is already there.

    `history` is a directory with the index of what the members bought and did, which is moved into the snapshot;
    `refs` are what the retailer calls them.
    It is written beside its place and moved there once it is complete and on disk, so nobody ever opens half of one.
    """
    if directory.exists():
        raise FileExistsError(f"There is a snapshot in {directory} already: a snapshot is never written over.")
    unfinished = directory.with_name(f".{directory.name}.{uuid4().hex}")
    unfinished.mkdir(parents=True)
    try:
        if history is not None:
            history.rename(unfinished / HISTORY)
        if refs is not None:
            _write_array(unfinished / REFS, refs.text)
            _write_array(unfinished / REF_LENGTHS, refs.length)
        manifest = _write_files(profiles, unfinished)
        unfinished.rename(directory)
    except BaseException:
        shutil.rmtree(unfinished)
        raise
    flush_names(directory.parent)
    return manifest


def open_snapshot(directory: Path) -> Profiles:
    """The profiles in a snapshot, memory-mapped and read-only.

    SnapshotDamagedError where a file is missing or misshapen, or the manifest is not what was written. Opening reads no
    column: `verify` compares their checksums.
    """
    manifest = _manifest(directory)
    entries = manifest["columns"]
    rows = manifest["rows"]
    profiles = Profiles(
        as_of=date.fromisoformat(manifest["as_of"]),
        member_ids=_mapped(directory / MEMBER_IDS, rows),
        columns={entry["name"]: _column(directory, entry, rows) for entry in entries},
        vocabularies={name: Vocabulary(words) for name, words in manifest["vocabularies"].items()},
        features={entry["name"]: _feature(entry) for entry in entries},
        newest={feed: date.fromisoformat(day) for feed, day in manifest.get("newest", {}).items()},
    )
    if not any(name.startswith(HISTORY) for name in manifest["sha256"]):
        return profiles
    return profiles.with_history(_history(directory / HISTORY))


def open_refs(directory: Path) -> Refs | None:
    """What the retailer calls the members of a snapshot, memory-mapped; None where it was built without.

    SnapshotDamagedError as `open_snapshot`.
    """
    manifest = _manifest(directory)
    if REFS not in manifest["sha256"]:
        return None
    length = _mapped(directory / REF_LENGTHS, manifest["rows"])
    return Refs.joined(_mapped(directory / REFS, int(length.sum(dtype=np.int64))), length)


def verify(directory: Path) -> None:
    """Read every file of a snapshot and compare its checksum; SnapshotDamagedError names the first that differs."""
    manifest = _manifest(directory)
    for name, expected in manifest["sha256"].items():
        path = directory / name
        if not path.is_file() or _checksum(path) != expected:
            raise SnapshotDamagedError(
                f"{name} in {directory} is not the file that was written: build the snapshot again."
            )


def _write_files(profiles: Profiles, directory: Path) -> Manifest:
    _write_array(directory / MEMBER_IDS, profiles.member_ids)
    entries = [
        {**asdict(profiles.features[name]), **_write_column(directory / f"{number:04}.npy", column)}
        for number, (name, column) in enumerate(profiles.columns.items())
    ]
    names = [MEMBER_IDS, *(entry["file"] for entry in entries)]
    names += [name for name in (REFS, REF_LENGTHS) if (directory / name).exists()]
    names += sorted(f"{HISTORY}/{path.name}" for path in (directory / HISTORY).glob("*"))
    manifest = {
        "version": VERSION,
        "as_of": profiles.as_of.isoformat(),
        "rows": len(profiles),
        "columns": entries,
        "newest": {feed: day.isoformat() for feed, day in profiles.newest.items()},
        "vocabularies": {name: list(words) for name, words in profiles.vocabularies.items()},
        "sha256": {name: _checksum(directory / name) for name in names},
    }
    manifest["manifest_sha256"] = _manifest_checksum(manifest)
    with (directory / MANIFEST).open("x", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1, ensure_ascii=False)
        flush(file)
    flush_names(directory)
    return manifest


def _write_column(path: Path, column: Column) -> Manifest:
    """What the manifest says of the file."""
    kept = column if isinstance(column, Steps) else narrowed(column)
    if not isinstance(kept, Steps):
        _write_array(path, kept)
        return {"file": path.name}
    _write_array(path, kept.counts)
    return {"file": path.name, "steps_per_unit": kept.per_unit, "floats": kept.dtype.name}


def _write_array(path: Path, array: np.ndarray) -> None:
    with path.open("xb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        flush(file)


def _manifest(directory: Path) -> Manifest:
    try:
        manifest: Manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        intact = manifest["manifest_sha256"] == _manifest_checksum(manifest) and manifest["version"] in READABLE
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotDamagedError(f"{directory} has no readable {MANIFEST}: build the snapshot again.") from error
    if not intact:
        raise SnapshotDamagedError(
            f"{MANIFEST} in {directory} is not the file that was written: build the snapshot again."
        )
    return manifest


def _column(directory: Path, entry: Mapping[str, Any], rows: int) -> Column:
    array = _mapped(directory / entry["file"], rows)
    if "steps_per_unit" not in entry:
        return array
    return Steps(array, entry["steps_per_unit"], np.dtype(entry["floats"]))


def _mapped(path: Path, rows: int) -> np.ndarray:
    try:
        return mapped(path, rows)
    except LengthError as error:
        raise SnapshotDamagedError(f"In {path.parent} {error.args[0].removesuffix('.')}: build it again.") from error
    except (OSError, ValueError, EOFError) as error:
        raise SnapshotDamagedError(f"{path.name} in {path.parent} cannot be read: build the snapshot again.") from error


def _history(directory: Path) -> History:
    try:
        return files.open_index(directory)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotDamagedError(f"{directory} cannot be read: build the snapshot again.") from error


def _feature(entry: Mapping[str, Any]) -> Feature:
    # A snapshot of earlier days may not say everything that features say now.
    known = {field.name: entry[field.name] for field in fields(Feature) if field.name in entry}
    return Feature(**{**known, "choices": tuple(known["choices"])})


def _manifest_checksum(manifest: Manifest) -> str:
    rest = {key: value for key, value in manifest.items() if key != "manifest_sha256"}
    return hashlib.sha256(json.dumps(rest).encode()).hexdigest()


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
