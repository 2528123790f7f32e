from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import blocks, departments
from loyalty.profiling.features import Lines, build
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling.worlds import AS_OF, VOCABULARIES, World, lines, members, world


def cut(some: Lines, size: int) -> list[Lines]:
    """Blocks of so many members each, without the lines of nobody."""
    last = int(some.member.max(initial=-1))
    return [chosen(some, (some.member >= at) & (some.member < at + size)) for at in range(0, last + 1, size)]


def chosen(some: Lines, mask: np.ndarray) -> Lines:
    return Lines(*(column[mask] for column in vars(some).values()))


def bytes_of(profiles: Profiles) -> dict[str, bytes]:
    return {name: column.tobytes() for name, column in profiles.columns.items()}


def built(of: World, parts: Lines | list[Lines]) -> Profiles:
    return build(of.members, parts, as_of=AS_OF, vocabularies=VOCABULARIES)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_how_the_lines_are_cut_changes_no_byte(seed: int, size: int) -> None:
    a_world = world(seed, most_members=40, most_lines=900)
    assert bytes_of(built(a_world, cut(a_world.lines, size))) == bytes_of(built(a_world, a_world.lines))


@pytest.mark.parametrize("seed", range(5))
def test_columns_that_are_laid_aside_have_the_same_bytes(seed: int, tmp_path: Path) -> None:
    a_world = world(seed, most_members=40, most_lines=900)
    parts = cut(a_world.lines, 3)
    aside = build(a_world.members, parts, as_of=AS_OF, vocabularies=VOCABULARIES, aside=tmp_path)
    assert bytes_of(aside) == bytes_of(built(a_world, parts))


def test_many_departments_are_told_apart_by_all_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departments, "MOST", 1)
    few = World(members(2), lines({"department": 0}, {"department": 2}, {"member": 1, "department": 2}))
    names = built(few, cut(few.lines, 1)).columns.keys()
    assert [name for name in names if name.startswith("bought_30:")] == ["bought_30:Home & {Garden}"]


def test_members_between_blocks_and_after_the_last_have_no_purchase() -> None:
    apart = [lines({"member": 1}), lines({"member": 4})]
    assert built(World(members(6), lines()), apart).columns["baskets_total"].tolist() == [0, 1, 0, 0, 1, 0]


def test_a_member_in_two_blocks_is_refused() -> None:
    with pytest.raises(ValueError, match="Member 1 has lines in two blocks"):
        built(World(members(2), lines()), [lines({"member": 1}), lines({"member": 1})])


def test_only_a_few_blocks_are_read_ahead() -> None:
    reading, ahead = [], []

    def parts():
        for member in range(40):
            reading.append(member)
            yield lines({"member": member})

    def compute(some: Lines, count: int) -> dict[str, np.ndarray]:
        return {"lines": np.full(count, len(some))}

    for first, _, _ in blocks._computed(parts(), compute):
        ahead.append(len(reading) - first)
    assert max(ahead) <= blocks.THREADS + 1
