import itertools

import numpy as np
import pytest

from loyalty.profiling import spool
from loyalty.profiling.spool import Spool

ROW = np.dtype([("member", "i8"), ("place", "i8")])


@pytest.fixture
def spooled(tmp_path, monkeypatch):
    """The blocks of some members' rows that were laid aside so many at a time."""
    monkeypatch.setattr(spool, "MEMBERS_PER_BLOCK", 7)

    def spooled(members: np.ndarray, *, at_once: int) -> list[np.ndarray]:
        aside = Spool(tmp_path, ROW, last_member=999)
        for first in range(0, len(members), at_once):
            part = members[first : first + at_once]
            aside.add({"member": part, "place": np.arange(first, first + len(part))})
        aside.close()
        assert aside.rows == len(members)
        return list(aside.blocks())

    return spooled


@pytest.mark.parametrize("at_once", [1, 10, 1000])
def test_rows_come_back_by_member_and_each_members_in_the_order_they_came(spooled, at_once):
    members = np.random.default_rng(at_once).integers(0, 1000, 500)
    rows = np.concatenate(spooled(members, at_once=at_once))
    assert rows["place"].tolist() == np.argsort(members, kind="stable").tolist()
    assert rows["member"].tolist() == sorted(members)


def test_all_rows_of_a_member_are_in_one_block(spooled):
    blocks = spooled(np.random.default_rng(0).integers(0, 1000, 3000), at_once=100)
    for before, after in itertools.pairwise(blocks):
        assert before["member"].max() < after["member"].min()


def test_a_block_has_few_members(spooled):
    blocks = spooled(np.arange(1000), at_once=300)
    assert max(map(len, blocks)) == 7


def test_no_rows_are_no_blocks(spooled):
    assert spooled(np.zeros(0, dtype=np.int64), at_once=10) == []


def test_a_block_ends_with_the_member_with_whom_there_are_many_rows(spooled, monkeypatch):
    monkeypatch.setattr(spool, "ROWS_PER_BLOCK", 4)
    found = spooled(np.repeat([1, 2, 3, 4, 5], [3, 3, 1, 9, 1]), at_once=20)
    assert [sorted(set(block["member"].tolist())) for block in found] == [[1, 2], [3, 4], [5]]
