"""All cores at work on one question. NumPy lets other threads run while it computes."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

Part = TypeVar("Part")
Answer = TypeVar("Answer")

CORES = os.cpu_count() or 1


def share(work: Callable[[Part], Answer], parts: Iterable[Part], *, small: bool = False) -> list[Answer]:
    """The answers for all parts, in their order; a single part, and small work, is done where it is."""
    waiting = list(parts)
    if small or len(waiting) < 2:
        return [work(part) for part in waiting]
    return list(_threads(os.getpid()).map(work, waiting))


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """One pool per process: threads do not survive a fork."""
    return ThreadPoolExecutor(CORES, thread_name_prefix="share")
