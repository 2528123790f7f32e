"""All cores at work on one question. NumPy lets other threads run while it computes."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from itertools import islice
from typing import TypeVar

Part = TypeVar("Part")
Answer = TypeVar("Answer")

CORES = os.cpu_count() or 1


def share(work: Callable[[Part], Answer], parts: Iterable[Part]) -> list[Answer]:
    """The answers for all parts, in their order; a single part is done where it is.

    Who asks works too, and waits for nobody who has not begun. An error stops the work, and is raised.
    """
    waiting = list(parts)
    if len(waiting) < 2:
        return [work(part) for part in waiting]
    answers: dict[int, Answer] = {}
    ahead = iter(enumerate(waiting))  # of which each is taken by one thread alone

    def do() -> None:
        try:
            for number, part in ahead:
                answers[number] = work(part)
        except BaseException:
            deque(ahead, maxlen=0)
            raise

    others = [_threads(os.getpid()).submit(do) for _ in range(min(CORES, len(waiting)) - 1)]
    try:
        do()
    finally:
        begun = [other for other in others if not other.cancel()]
        wait(begun)
    for other in begun:
        other.result()
    return [answers[number] for number in range(len(waiting))]


def in_turn(work: Callable[[Part], Answer], parts: Iterable[Part]) -> Iterator[Answer]:
    """The answers for parts that come one after the other, in their order; as many at once as there are cores."""
    coming = iter(parts)
    while some := list(islice(coming, CORES)):
        yield from share(work, some)


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """One pool per process: threads do not survive a fork."""
    return ThreadPoolExecutor(CORES, thread_name_prefix="share")
