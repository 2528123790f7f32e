"""Purchase lines a block of members at a time, so that memory follows the members and not their lines."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from loyalty.profiling.growing import Growing
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
    numbers = count()

    def grown(nothing: np.ndarray) -> Growing:
        return Growing(nothing, members, path=aside and aside / f"found-{next(numbers)}")

    whole: Any = _map(grown, compute(Lines.none(), 1))
    for first, _, found in _computed(blocks, compute):
        _lay(found, whole, first)
    laid: Found = _map(Growing.whole, whole)
    return laid


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


def _map(change: Callable[[Any], Any], found: Any) -> Any:
    if is_dataclass(found):
        return replace(found, **{each.name: _map(change, getattr(found, each.name)) for each in fields(found)})  # type: ignore[type-var]
    return {name: _map(change, each) for name, each in found.items()} if isinstance(found, dict) else change(found)


def _lay(found: Any, whole: Any, first: int) -> None:
    if is_dataclass(found):
        for each in fields(found):
            _lay(getattr(found, each.name), getattr(whole, each.name), first)
    elif isinstance(found, dict):
        for name, each in found.items():
            _lay(each, whole[name], first)
    else:
        whole.lay(first, found)
