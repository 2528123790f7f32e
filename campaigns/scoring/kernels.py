"""The compiled loops of scoring, fetched when there is first so much to score that they are worth waiting for."""

from functools import cache
from types import ModuleType
from typing import NamedTuple

# So many pairs of members and offers take NumPy a tenth of a second; for fewer the compiler is never loaded.
WORTH_PAIRS = 2**20


class Compiled(NamedTuple):
    """The modules of loops: those that make `columns` of the basis, those that score `rows` of it, and those that score
    by affinity alone."""

    columns: ModuleType
    loops: ModuleType
    responding: ModuleType


def compiled(pairs: int) -> Compiled | None:
    """The loops, for so many pairs in all; None where NumPy does it.

    It depends on nothing but how many there are, so that what is scored twice has the same scores to the last bit.
    """
    return _fetched() if pairs >= WORTH_PAIRS else None


@cache
def _fetched() -> Compiled | None:
    try:
        from campaigns.scoring import columns, loops, responding  # heavy: bring the compiler
    except ImportError:  # which is not to be had everywhere; NumPy comes to the same, later
        return None
    return Compiled(columns, loops, responding)
