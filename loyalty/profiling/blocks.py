"""Purchase lines a block of members at a time, so that memory follows the members and not their lines."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from loyalty.profiling.growing import laid
from loyalty.profiling.records import Lines

THREADS = 4

Found = TypeVar("Found")
Compute = Callable[[Lines, int], Found]


def over(blocks: Iterable[Lines], compute: Compute[Found], *, members: int, aside: Path | None = None) -> Found:
    """What `compute(lines, count)` finds of each block's members, laid side by side for all n members.

    A block holds all lines of its members, and blocks ascend by member: ValueError where two share one. `compute` gets
    the lines with positions from the block's first member on, and returns a dataclass or dictionary, or several within
    one another, of arrays with one row per member. Members between the blocks have what a member without lines has.
    With a directory `aside`, what is found is in files there, mapped, and not in memory.
    """
    found = ((first, found) for first, _, found in _computed(blocks, compute))
    return laid(found, compute(Lines.none(), 1), rows=members, aside=aside)


def _computed(blocks: Iterable[Lines], compute: Compute[Found]) -> Iterator[tuple[int, int, Found]]:
    """A few blocks are worked on at a time; the next is read when one is done."""
    waiting: deque[tuple[int, int, Future[Found]]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for first, count, lines in _placed(blocks):
            waiting.append((first, count, pool.submit(compute, lines, count)))
            if len(waiting) > THREADS:
                yield _done(*waiting.popleft())
        while waiting:
            yield _done(*waiting.popleft())


def _done(first: int, count: int, found: Future[Found]) -> tuple[int, int, Found]:
    return first, count, found.result()


def _placed(blocks: Iterable[Lines]) -> Iterator[tuple[int, int, Lines]]:
    """Each block with its first member, how many positions it spans, and its lines counted from there."""
    end = 0
    for lines in blocks:
        if not len(lines):
            continue
        first, last = int(lines.member.min()), int(lines.member.max())
        if first < end:
            raise ValueError(f"Member {first} has lines in two blocks, or blocks do not ascend by member.")
        end = last + 1
        yield first, end - first, replace(lines, member=lines.member - first)
