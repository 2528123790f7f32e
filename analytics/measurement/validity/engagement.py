"""Guard of opens and clicks: programs that check links open messages too, faster than anybody reads."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.measurement.validity.guard import Guard, by_limit, unknown

QUICK_SECONDS = 2.0
MOST_PER_MINUTE, MINUTE = 20, 60.0
MOST_BY_PROGRAMS = 0.05


def bot_engagement(member: NDArray[np.integer], at_seconds: ArrayLike, after_sending_seconds: ArrayLike) -> Guard:
    """Opens and clicks within two seconds of sending, or of members who make more than twenty in a minute.

    (k,) each: whose it is, when in seconds, and how long after the message was sent. At most 5 % of all.
    """
    name, at = "bot_engagement", np.asarray(at_seconds, dtype=np.float64)
    after = np.asarray(after_sending_seconds, dtype=np.float64)
    if not member.shape == at.shape == after.shape:
        raise ValueError("Every open and click needs its member, its time, and the time since sending.")
    if not member.size:
        return unknown(name, "Nobody has opened or clicked anything yet.")
    return by_limit(
        name,
        float(by_programs(member, at, after).mean()),
        limit=MOST_BY_PROGRAMS,
        fine="{figure:.1%} of opens and clicks look like those of programs.",
        stop="{figure:.0%} of opens and clicks come within two seconds of sending or faster than anybody can click: "
        "programs check the links. Leave them out, and judge by purchases.",
    )


def by_programs(member: NDArray[np.integer], at: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(k,) which of the opens and clicks no human did; arguments as of `bot_engagement`."""
    return np.asarray((after < QUICK_SECONDS) | np.isin(member, _restless(member, at)))


def _restless(member: NDArray[np.integer], at: NDArray[np.float64]) -> NDArray[np.integer]:
    """Members with more than MOST_PER_MINUTE events in some minute."""
    order = np.lexsort((at, member))
    who, when = member[order], at[order]
    same = who[MOST_PER_MINUTE:] == who[:-MOST_PER_MINUTE]
    within = when[MOST_PER_MINUTE:] - when[:-MOST_PER_MINUTE] < MINUTE
    return np.unique(who[MOST_PER_MINUTE:][same & within])
