from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling.conditions import Bought
from loyalty.profiling.history import staging
from loyalty.profiling.history.records import EventRows, LineRows
from loyalty.profiling.past import lookup
from tests.loyalty.profiling import pasts
from tests.loyalty.profiling.pasts import Past
from tests.loyalty.profiling.worlds import TODAY, world


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (directory / "index").iterdir()}


def some(rows: LineRows | EventRows, chosen: np.ndarray) -> LineRows | EventRows:
    return type(rows)(*(column[chosen] for column in vars(rows).values()))


def in_blocks(rows: LineRows | EventRows, rng: np.random.Generator, members: int) -> Iterator[LineRows | EventRows]:
    """The same rows in any order, cut between members."""
    ends = [-1, *sorted({*rng.integers(0, members, 3).tolist(), members})]
    for after, last in pairwise(ends):
        chosen = np.flatnonzero((rows.member > after) & (rows.member <= last))
        yield some(rows, rng.permutation(chosen))


@pytest.mark.parametrize("seed", range(15))
def test_the_order_of_rows_and_how_they_are_cut_change_no_byte(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past, rng = pasts.past(world(seed, most_lines=200), seed), np.random.default_rng(seed)
    pasts.index(past, tmp_path / "whole")
    monkeypatch.setattr(staging, "ROWS_AT_ONCE", int(rng.integers(1, 40)))
    lines, events = (list(in_blocks(rows, rng, past.members)) for rows in (past.lines, past.events))
    pasts.index(past, tmp_path / "cut", lines=lines, events=events)
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_other_purchases_give_other_bytes(tmp_path: Path) -> None:
    past = pasts.past(world(3, most_lines=200), 3)
    pasts.index(past, tmp_path / "one")
    pasts.index(past, tmp_path / "other", lines=[some(past.lines, np.arange(len(past.lines.member) - 9))])
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_a_member_in_two_blocks_is_refused(tmp_path: Path) -> None:
    lines = pasts.lines({"member": 1}, {"member": 2})
    blocks = [some(lines, np.array([1])), some(lines, np.array([0]))]
    with pytest.raises(ValueError, match="Member 1 has rows in two blocks"):
        pasts.index(pasts.of(lines), tmp_path, lines=blocks)


def test_a_history_without_purchases_and_events_is_one(tmp_path: Path) -> None:
    index = pasts.index(pasts.of(pasts.lines()), tmp_path)
    assert lookup.buyers(Bought("anything", times=1), index).count == 0


@pytest.mark.parametrize("net_e4", [10**17, -(10**17), 2**31, -(2**31) - 1])
def test_amounts_of_any_size_are_exact(net_e4: int, tmp_path: Path) -> None:
    index = pasts.index(pasts.of(pasts.lines({"net_e4": net_e4}, {"net_e4": 1})), tmp_path)
    assert lookup.bought(Bought("anything", amount_e4=1), index, 0) == net_e4 + 1


def test_what_was_bought_in_antiquity_was_bought_once_but_not_lately(tmp_path: Path) -> None:
    index = pasts.index(pasts.of(pasts.lines({"day": TODAY - 700_000})), tmp_path)
    assert lookup.bought(Bought("anything", times=1), index, 0) == 1
    assert lookup.bought(Bought("anything", times=1, days=36_500), index, 0) == 0


def test_columns_are_as_narrow_as_they_can_be(tmp_path: Path) -> None:
    purchases = pasts.index(pasts.of(pasts.lines({}, {})), tmp_path).purchases
    assert {name: getattr(purchases, name).dtype.itemsize for name in ("basket", "age", "channel", "net_e4")} == {
        "basket": 1,
        "age": 1,
        "channel": 1,
        "net_e4": 2,
    }


def test_a_past_of_many_members_tells_them_apart(tmp_path: Path) -> None:
    lines = pasts.lines(*({"member": member} for member in range(300)))
    index = pasts.index(Past(300, lines, pasts.NO_EVENTS), tmp_path)
    assert lookup.buyers(Bought("anything", times=1), index).count == 300
