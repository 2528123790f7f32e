"""The compiled loops, fetched when there is first a problem so large that they are worth a second of waiting."""

from functools import cache
from types import ModuleType

# Fewer pairs take NumPy a few hundredths of a second a pass; so small runs never load the compiler.
WORTH_PAIRS = 2**20


def compiled(pairs: int) -> ModuleType | None:
    """The loops for so many pairs of members and offers, or for any once they are there; None where NumPy does it."""
    is_at_hand = _fetched.cache_info().currsize > 0
    return _fetched() if is_at_hand or pairs >= WORTH_PAIRS else None


@cache
def _fetched() -> ModuleType | None:
    try:
        from campaigns.assignment import loops  # heavy: brings the compiler
    except ImportError:  # which is not to be had everywhere; NumPy comes to the same, later
        return None
    return loops
