import datetime as dt
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import processes
from config.demo import history, opening, state
from config.demo.state import State
from tests.proc import eventually

FIRST_DAY, UNTIL = dt.date(2024, 3, 2), dt.date(2026, 2, 13)


def write() -> dict[str, Path]:
    return history.write(30, first_day=FIRST_DAY, until=UNTIL)


def test_files_are_written_once_whoever_asks_and_however_often(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    real = history.files.write
    monkeypatch.setattr(history.files, "write", lambda *said, **more: written.append(said) or real(*said, **more))
    with ThreadPoolExecutor(max_workers=2) as pool:
        one, other = pool.map(lambda _: write(), range(2))
    assert one == other == write()
    assert len(written) == 1
    assert set(one) >= {"stores", "products", "members", "consents", "purchases", "events", "offers", "assignments"}


def test_half_written_files_are_written_again(demo: Path) -> None:
    draft = history.directory(UNTIL).with_suffix(".draft")
    draft.mkdir(parents=True)
    (draft / "purchases.parquet").write_bytes(b"broken off")
    assert write()["purchases"].stat().st_size > 1000


def test_process_that_writes_ahead_writes_what_the_story_asks_for(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTWELL_DATA", str(demo))
    with opening.writing_ahead(30):
        assert eventually(lambda: history.directory(opening.opening_day()).exists(), seconds=60)
    monkeypatch.setattr(history.files, "write", lambda *_, **__: pytest.fail("It was written again."))
    assert history.write(30, first_day=opening.fresh(30).first_day, until=opening.opening_day())["members"].exists()


@pytest.mark.parametrize("members", [0, 400])
def test_nothing_is_written_ahead_for_a_house_that_stands_or_stays_empty(
    demo: Path, monkeypatch: pytest.MonkeyPatch, members: int
) -> None:
    if members:
        state.write(State(seed=1, members=members, first_day=FIRST_DAY, lived_until=UNTIL, is_made=True))
    monkeypatch.setattr(processes, "spawn", lambda *_, **__: pytest.fail(f"{sys.executable} was started"))
    with opening.writing_ahead(members):
        pass
