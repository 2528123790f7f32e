"""The compiled loops of planning, fetched when there is first a problem so large that they are worth the waiting."""

from functools import cache
from types import ModuleType

from campaigns.assignment.kernels import WORTH_PAIRS


def compiled(pairs: int) -> ModuleType | None:
    """The loops for so many pairs of members and offers; None where NumPy, which says the same, is soon done."""
    return _fetched() if pairs >= WORTH_PAIRS else None


@cache
def _fetched() -> ModuleType | None:
    try:
        from campaigns.planning import loops  # heavy: brings the compiler
    except ImportError:  # which is not to be had everywhere
        return None
    return loops
