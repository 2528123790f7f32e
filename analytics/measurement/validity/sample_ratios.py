"""Guards of the arms' sizes: overall, and by day, segment or channel, where what is lost in one place shows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analytics.measurement.families import holm
from analytics.measurement.lift import NotMeasured
from analytics.measurement.validity.guard import FINE, STOP, Guard, unknown
from analytics.measurement.validity.sizes import SAMPLE_RATIO_LIMIT, sample_ratio

NAME = "sample_ratio"
ADVICE = (
    "Something was lost or added on the way: check the assignments that were loaded, and every filter between decision "
    "and report."
)


def sample_ratio_overall(counts: Sequence[float], shares: Sequence[float]) -> Guard:
    """counts (arms,) members found, shares (arms,) as planned, in any scale; false alarms are 1 in 1,000."""
    p = sample_ratio(counts, shares)
    if isinstance(p, NotMeasured):
        return unknown(NAME, p.reason)
    if p < SAMPLE_RATIO_LIMIT:
        return Guard(NAME, STOP, f"The arms do not have the sizes that were planned (p = {p:.1e}). {ADVICE}", p)
    return Guard(NAME, FINE, "The arms have the sizes that were planned.", p)


def sample_ratio_by(cut: str, labels: Sequence[str], counts: ArrayLike, shares: ArrayLike) -> Guard:
    """The same in each part of a cut ("day", "segment", "channel"), 1 false alarm in 1,000 over all its parts (Holm).

    counts (parts, arms) as labelled; shares (arms,) or (parts, arms). Only what was fixed before sending may cut, or
    what is alike for both arms by design, as a planned day. Parts too small to check are left out. Raises ValueError
    when labels, counts and shares do not line up.
    """
    found = np.asarray(counts, dtype=np.float64)
    planned = np.broadcast_to(np.asarray(shares, dtype=np.float64), found.shape)
    if found.ndim != 2 or found.shape[0] != len(labels):
        raise ValueError("Every part needs its label, and the counts of its arms.")
    name = f"{NAME}_by_{cut}"
    each = [sample_ratio(part, share) for part, share in zip(found.tolist(), planned.tolist(), strict=True)]
    p = holm([np.nan if isinstance(one, NotMeasured) else one for one in each])
    if np.isnan(p).all():
        return unknown(name, f"No {cut} has enough members to check the sizes of the arms in it.")
    wrong = [label for label, adjusted in zip(labels, p.tolist(), strict=True) if adjusted < SAMPLE_RATIO_LIMIT]
    least = float(np.nanmin(p))
    if not wrong:
        return Guard(name, FINE, f"The arms have the planned sizes in every {cut}.", least)
    places = ", ".join(wrong[:3]) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else "")
    return Guard(name, STOP, f"The arms do not have the planned sizes by {cut}: {places}. {ADVICE}", least)
