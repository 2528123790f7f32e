"""The compiled loops of scoring, fetched when there is first so much to score that they are worth waiting for."""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Literal

# The modules of loops: those that make columns of the basis, those that score rows of it, those that score by affinity.
Loops = Literal["columns", "loops", "responding"]

# So many pairs of members and offers take NumPy a tenth of a second; for fewer the compiler is never loaded.
WORTH_PAIRS = 2**20


def compiled(loops: Loops, *, pairs: int) -> ModuleType | None:
    """The loops of a module, for so many pairs in all; None where NumPy does it.

    It depends on nothing but how many there are, so that what is scored twice has the same scores to the last bit.
    """
    return _fetched(loops) if pairs >= WORTH_PAIRS else None


@cache
def _fetched(loops: Loops) -> ModuleType | None:
    try:
        return import_module(f"campaigns.scoring.{loops}")  # heavy: brings the compiler
    except ImportError:  # which is not to be had everywhere; NumPy comes to the same, later
        return None
