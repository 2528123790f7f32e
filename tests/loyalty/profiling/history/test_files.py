from pathlib import Path

import pytest

from loyalty.profiling.features import build
from loyalty.profiling.segments import matching, parse
from loyalty.profiling.snapshot import HISTORY, SnapshotDamagedError, open_snapshot, verify, write
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling import pasts
from tests.loyalty.profiling.worlds import AS_OF, VOCABULARIES, world

COFFEE = {"bought": "category", "named": ["Grocery > Coffee"], "times": 1}


def written(directory: Path) -> Path:
    """A snapshot of a world with its past."""
    a_world = world(4, most_lines=200)
    profiles = build(a_world.members, a_world.lines, as_of=AS_OF, vocabularies=VOCABULARIES)
    pasts.index(pasts.past(a_world, 4), directory)
    write(profiles, directory / "snapshot", history=directory / "index")
    return directory / "snapshot"


def found(profiles: Profiles) -> list[bool]:
    return matching(parse(COFFEE, profiles.features, profiles.vocabularies), profiles).tolist()


def test_a_snapshot_opens_with_the_past_that_was_written(tmp_path: Path) -> None:
    directory = written(tmp_path)
    expected = found(pasts.profiles_of(world(4, most_lines=200), 4, tmp_path / "again"))
    assert found(open_snapshot(directory)) == expected
    assert any(expected)
    verify(directory)


@pytest.mark.parametrize("name", ["line_basket.npy", "event_member.npy", "member.npy", "words.json"])
def test_a_changed_byte_of_the_past_is_found(name: str, tmp_path: Path) -> None:
    directory = written(tmp_path)
    path = directory / HISTORY / name
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    with pytest.raises(SnapshotDamagedError, match=f"{HISTORY}/{name}"):
        verify(directory)


@pytest.mark.parametrize("name", ["line_basket.npy", "words.json", "line_start.npy"])
def test_a_past_that_is_not_whole_is_not_opened(name: str, tmp_path: Path) -> None:
    directory = written(tmp_path)
    (directory / HISTORY / name).unlink()
    with pytest.raises(SnapshotDamagedError, match="build the snapshot again"):
        open_snapshot(directory)


def test_a_column_that_is_too_short_is_not_opened(tmp_path: Path) -> None:
    directory = written(tmp_path)
    (directory / HISTORY / "line_age.npy").write_bytes((directory / HISTORY / "member.npy").read_bytes())
    with pytest.raises(SnapshotDamagedError, match="build the snapshot again"):
        open_snapshot(directory)
