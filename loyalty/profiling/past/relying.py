"""Whether what members bought and did is there to ask, and may be relied on."""

from loyalty.profiling.conditions import RuleError
from loyalty.profiling.counted import NOT_KEPT
from loyalty.profiling.freshness import SAID
from loyalty.profiling.history.index import History
from loyalty.profiling.table import Profiles


def reliable(profiles: Profiles, feed: str) -> History | None:
    """What these members bought and did; None while the feed is stale, and RuleError where it was not kept."""
    if profiles.history is None:
        raise RuleError(NOT_KEPT)
    return None if feed in profiles.history.stale else profiles.history


def unknown(feed: str, asked: str) -> str:
    """Why a member does not meet a condition, in its words, on what is stale."""
    return f"{SAID[feed]} is unknown, which never meets “{asked}”."
