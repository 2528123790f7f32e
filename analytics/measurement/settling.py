"""What would settle a campaign that is not yet known to pay: more days, more members, or a larger holdout next time."""

from dataclasses import dataclass
from math import ceil, inf, sqrt

from scipy.special import ndtri

from analytics.measurement.lift import LEVEL, upper_tail


@dataclass(frozen=True, slots=True)
class Settling:
    """Each by itself would make the interval exclude 0, were the estimate to stay what it is.

    `times` as much must be seen as has been, 1 or less where it is settled; None where nothing of the kind would do.
    """

    times: float
    members: int | None
    days: int | None
    share_held_out: float | None

    @property
    def is_settled(self) -> bool:
        return self.times <= 1


def settling(
    error_now: float,
    estimate: float,
    n_now: int,
    *,
    share_held_out: float,
    days_now: int | None = None,
    level: float = LEVEL,
) -> Settling:
    """How many more members, or days, or which share held out of the same members, would tell the estimate from 0.

    The error falls with the root of the members; an effect that goes on day by day outgrows its error in the same way.
    The smallest share held out that is enough is given, up to one half. Raises ValueError for an error or a count that
    is not positive, or a share outside 0..1.
    """
    if not (error_now > 0 and n_now > 0 and 0 < share_held_out < 1):
        raise ValueError("What would settle it needs an error, members, and a share of them that is held out.")
    errors = abs(estimate) / error_now
    times = (float(ndtri(upper_tail(level))) / errors) ** 2 if errors else inf
    return Settling(
        times=times,
        members=_more(times, n_now),
        days=None if days_now is None else _more(times, days_now),
        share_held_out=_share(times, share_held_out),
    )


def _more(times: float, now: int) -> int | None:
    return None if times == inf else max(0, ceil(times * now) - now)


def _share(times: float, now: float) -> float | None:
    """The variance goes with 1 / (h (1 - h)), which is least at one half."""
    spread = times * now * (1 - now)
    return (1 - sqrt(1 - 4 * spread)) / 2 if spread <= 0.25 else None
