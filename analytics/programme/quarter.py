"""What a quarter says, in plain values: frozen as JSON, and read back for pages."""

import datetime as dt
from dataclasses import dataclass

from analytics.body import Arm, Check, Cost, Judged, Told


@dataclass(frozen=True, slots=True)
class Quarter(Told):
    """Everybody else against the universal holdout, from `since` until `until`, as known at `as_of`.

    `judged` is of the quarter; `so_far` is the margin since `began`, when the holdouts had washed out, and `costs` are
    what campaigns spent since then on messages and rewards. A check that says stop leaves no number.
    """

    quarter: dt.date
    currency: str
    began: dt.datetime
    since: dt.datetime
    until: dt.datetime
    closes: dt.datetime
    as_of: dt.datetime
    checks: tuple[Check, ...]
    arms: tuple[Arm, ...]
    judged: tuple[Judged, ...] = ()
    so_far: Judged | None = None
    costs: tuple[Cost, ...] = ()
