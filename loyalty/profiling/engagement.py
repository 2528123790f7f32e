"""How often members open, follow and look at what we show them. Windows end the day before the one asked about."""

from collections.abc import Iterable

import numpy as np

from loyalty.profiling.records import Events

OPEN, CLICK, VIEW = range(3)
# The kinds of event that count as one of these; no other says that somebody is paying attention.
CODE_OF_KIND = {"open": OPEN, "click": CLICK, "view": VIEW, "offer_viewed": VIEW}
NAMES = ("opens", "clicks", "views")
DAYS = (30, 90)

Columns = dict[str, np.ndarray]


def columns(events: Iterable[Events], *, members: int, on_day: int) -> Columns:
    """Counts per kind and window, and days since the last event of any kind (NaN without one); (n,) float32 each.

    Events come in blocks of any size and order; those of nobody, and of the day itself or later, do not count.
    """
    counts = np.zeros((len(DAYS), len(NAMES), members), dtype=np.float32)
    last = np.full(members, -1, dtype=np.int32)
    for block in events:
        known = block.before(on_day)
        np.maximum.at(last, known.member, known.day.astype(np.int32))
        for window, days in enumerate(DAYS):
            recent = known.since(on_day - days)
            np.add.at(counts[window], (recent.kind, recent.member), 1)
    named = {
        f"{name}_{days}": counts[window, kind] for kind, name in enumerate(NAMES) for window, days in enumerate(DAYS)
    }
    return {**named, "engaged_days": np.where(last >= 0, on_day - last, np.nan).astype(np.float32)}
