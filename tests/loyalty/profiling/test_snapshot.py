import json
from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import snapshot
from loyalty.profiling.features import build
from loyalty.profiling.snapshot import MANIFEST, SnapshotDamagedError, open_snapshot, verify, write
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling.worlds import AS_OF, VOCABULARIES, members, visits, world


@pytest.fixture
def profiles() -> Profiles:
    a_world = world(3, most_members=30, most_lines=300)
    return build(a_world.members, a_world.lines, as_of=AS_OF, vocabularies=VOCABULARIES)


@pytest.fixture
def directory(profiles: Profiles, tmp_path: Path) -> Path:
    write(profiles, tmp_path / "first")
    return tmp_path / "first"


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def rewrite(directory: Path, manifest: dict) -> None:
    """As a build of another day wrote it."""
    manifest.pop("manifest_sha256", None)
    manifest["manifest_sha256"] = snapshot._manifest_checksum(manifest)
    (directory / MANIFEST).write_text(json.dumps(manifest))


def test_the_same_profiles_give_the_same_bytes(profiles: Profiles, directory: Path, tmp_path: Path) -> None:
    write(profiles, tmp_path / "second")
    assert contents(directory) == contents(tmp_path / "second")


def test_what_is_opened_is_what_was_written(profiles: Profiles, directory: Path) -> None:
    opened = open_snapshot(directory)
    assert (opened.as_of, opened.vocabularies, opened.features) == (
        profiles.as_of,
        profiles.vocabularies,
        profiles.features,
    )
    assert opened.member_ids.tobytes() == profiles.member_ids.tobytes()
    for name in profiles.columns:
        assert opened.column(name).dtype == profiles.column(name).dtype
        assert np.array_equal(
            opened.column(name), profiles.column(name), equal_nan=opened.column(name).dtype.kind == "f"
        )


def test_opened_profiles_are_written_as_the_bytes_they_came_from(directory: Path, tmp_path: Path) -> None:
    write(open_snapshot(directory), tmp_path / "second")
    assert contents(directory) == contents(tmp_path / "second")


def test_numbers_are_kept_in_the_narrowest_type_that_holds_them(directory: Path) -> None:
    columns = open_snapshot(directory).columns
    assert columns["recency_days"].counts.dtype == np.int16
    assert (columns["spend_365"].counts.dtype, columns["spend_365"].per_unit) == (np.int32, 10_000)
    assert columns["recency_score"].nbytes == len(columns["recency_score"])


def test_opened_columns_are_mapped_and_cannot_be_changed(directory: Path) -> None:
    column = open_snapshot(directory).columns["spend_365"].counts
    assert isinstance(column.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 0


def test_the_manifest_describes_every_column(profiles: Profiles, directory: Path) -> None:
    manifest = json.loads((directory / MANIFEST).read_text())
    assert manifest["as_of"] == "2026-03-01"
    assert manifest["rows"] == len(profiles)
    assert [column["name"] for column in manifest["columns"]] == list(profiles.columns)
    assert all({"unit", "source", "purpose"} <= column.keys() for column in manifest["columns"])


def test_an_intact_snapshot_is_verified(directory: Path) -> None:
    verify(directory)


@pytest.mark.parametrize("name", ["member_ids.npy", "0000.npy", "0004.npy"])
def test_one_changed_bit_in_a_column_is_found_by_name(directory: Path, name: str) -> None:
    path = directory / name
    path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    with pytest.raises(SnapshotDamagedError, match=name):
        verify(directory)


def test_a_changed_word_in_the_manifest_is_found_on_opening(directory: Path) -> None:
    path = directory / MANIFEST
    path.write_text(path.read_text().replace('"Gold"', '"Lead"'))
    with pytest.raises(SnapshotDamagedError, match="not the file that was written"):
        open_snapshot(directory)


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"version": 1'])
def test_an_unreadable_manifest_is_refused(directory: Path, damage: str) -> None:
    (directory / MANIFEST).write_text(damage)
    with pytest.raises(SnapshotDamagedError, match="no readable manifest"):
        open_snapshot(directory)


def test_a_snapshot_of_before_freshness_was_written_down_still_opens(directory: Path) -> None:
    manifest = json.loads((directory / MANIFEST).read_text())
    del manifest["newest"]
    for entry in manifest["columns"]:
        del entry["feed"], entry["max_age_days"], entry["stale"]
    rewrite(directory, manifest)
    opened = open_snapshot(directory)
    assert (opened.newest, opened.features["tier"].stale) == ({}, "")


def test_a_snapshot_of_before_numbers_were_narrowed_still_opens(profiles: Profiles, directory: Path) -> None:
    manifest = json.loads((directory / MANIFEST).read_text())
    for entry in manifest["columns"]:
        if entry.pop("steps_per_unit", None):
            np.save(directory / entry["file"], profiles.column(entry["name"]))
    rewrite(directory, {**manifest, "version": 1})
    opened = open_snapshot(directory)
    assert opened.columns["spend_365"].dtype == np.float64
    assert [opened.row(at) for at in range(3)] == [profiles.row(at) for at in range(3)]


def test_a_snapshot_of_a_later_version_is_refused(directory: Path) -> None:
    manifest = json.loads((directory / MANIFEST).read_text())
    rewrite(directory, {**manifest, "version": snapshot.VERSION + 1})
    with pytest.raises(SnapshotDamagedError, match="build the snapshot again"):
        open_snapshot(directory)


def test_a_missing_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotDamagedError, match="no readable manifest"):
        open_snapshot(tmp_path / "nowhere")


def test_a_missing_column_is_refused_on_opening_and_on_verifying(directory: Path) -> None:
    (directory / "0002.npy").unlink()
    for reading in (open_snapshot, verify):
        with pytest.raises(SnapshotDamagedError, match=r"0002\.npy"):
            reading(directory)


@pytest.mark.parametrize("length", [0, 20, 130])
def test_a_column_cut_short_is_refused_on_opening(directory: Path, length: int) -> None:
    path = directory / "0000.npy"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(SnapshotDamagedError, match=r"0000\.npy"):
        open_snapshot(directory)


def test_a_column_of_other_rows_is_refused_on_opening(directory: Path) -> None:
    np.save(directory / "0000.npy", np.zeros(1))
    with pytest.raises(SnapshotDamagedError, match="has 1 rows"):
        open_snapshot(directory)


def test_a_snapshot_is_never_written_over(profiles: Profiles, directory: Path) -> None:
    before = contents(directory)
    with pytest.raises(FileExistsError, match="already"):
        write(profiles, directory)
    assert contents(directory) == before


def test_a_failed_write_leaves_nothing(profiles: Profiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("loyalty.profiling.disk.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(profiles, tmp_path / "failed")
    assert list(tmp_path.iterdir()) == []


def test_profiles_of_nobody_can_be_written_and_opened(tmp_path: Path) -> None:
    nobody = build(members(0), visits(), as_of=AS_OF, vocabularies=VOCABULARIES)
    write(nobody, tmp_path / "empty")
    verify(tmp_path / "empty")
    assert len(open_snapshot(tmp_path / "empty")) == 0
