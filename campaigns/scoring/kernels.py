"""The compiled loops of scoring, fetched when there is first so much to score that they are worth waiting for."""

from functools import cache
from types import ModuleType

# So many pairs of members and offers take NumPy a tenth of a second; for fewer the compiler is never loaded.
WORTH_PAIRS = 2**20


def compiled(pairs: int) -> ModuleType | None:
    """The loops, for so many pairs in all; None where NumPy does it.

    It depends on nothing but how many there are, so that what is scored twice has the same scores to the last bit.
    """
    return _fetched() if pairs >= WORTH_PAIRS else None


@cache
def _fetched() -> ModuleType | None:
    try:
        from campaigns.scoring import loops  # heavy: brings the compiler
    except ImportError:  # which is not to be had everywhere; NumPy comes to the same, later
        return None
    return loops
