import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from config.demo import state
from config.demo.state import State, Stretch

STRETCH = Stretch(
    since=dt.date(2026, 3, 2), until=dt.date(2026, 3, 16), stage="Loading", purchases=3, events=4, closed=("A", "B")
)


def test_what_was_written_is_read(known: State) -> None:
    written = state.write(replace(known, offset_seconds=-60.5, passing=STRETCH, passed=STRETCH))
    assert state.read() == written


def test_nothing_is_remembered_where_there_is_no_demo(demo: Path) -> None:
    assert state.read() is None
    with pytest.raises(LookupError, match=r"manage\.py demo"):
        state.change(offset_seconds=1.0)


def test_changes_made_at_once_are_all_kept(known: State) -> None:
    def one_more(was: State) -> State:
        return replace(was, offset_seconds=was.offset_seconds + 1)

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(lambda _: state.update(one_more), range(40)))
    assert state.current().offset_seconds == 40
