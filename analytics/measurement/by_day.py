"""How the effect grew from day to day of the outcome window, with what could be said on each."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.measurement.lift import LEVEL, Lift, NotMeasured, welch
from analytics.measurement.moments import Moments
from analytics.measurement.sequential import Interval, always_valid


@dataclass(frozen=True, slots=True)
class Day:
    """The effect up to the end of a day, counted from 0: with the interval for who looks only then, and with the one
    that holds for who looks every day (None where there is no lift)."""

    day: int
    lift: Lift | NotMeasured
    always_valid: Interval | None


def cumulative(
    member: NDArray[np.integer],
    day: NDArray[np.integer],
    value: NDArray[np.floating] | NDArray[np.integer],
    treated: NDArray[np.bool_],
    *,
    planned_days: int,
    days: int | None = None,
    level: float = LEVEL,
) -> tuple[Day, ...]:
    """The effect per member up to each of `days` (all planned ones, unless the window is still open).

    member, day, value (m,): lines of a member's position 0..n-1, on a day 0..planned_days-1, in any order; treated (n,)
    bool of everybody in the campaign. Lines of later days are left out. It takes the time of sorting the lines by day
    and one pass over them, and 8 bytes per member; no day has a pass over all members. Raises ValueError for lines of
    nobody, or of days before the first.
    """
    sums = running(member, day, value, treated, days=planned_days if days is None else days)
    return effects(sums, planned_days=planned_days, level=level)


def running(
    member: NDArray[np.integer],
    day: NDArray[np.integer],
    value: NDArray[np.floating] | NDArray[np.integer],
    treated: NDArray[np.bool_],
    *,
    days: int,
) -> tuple[tuple[Moments, Moments], ...]:
    """Moments of treated and of reference members' totals up to each day; arguments as of `cumulative`.

    A member's square changes by (new total)² - (old total)², so only those who bought that day are touched.
    """
    _check(member, day, value, treated)
    order = np.argsort(day, kind="stable")
    ends = np.searchsorted(day[order], np.arange(days), side="right")
    totals, sums, found = np.zeros(treated.size), np.zeros((2, 2)), []
    sizes = int(treated.sum()), int((~treated).sum())
    for first, last in zip([0, *ends[:-1]], ends, strict=True):
        lines = order[first:last]
        sums += _added(totals, member[lines], value[lines], treated)
        found.append((Moments(sizes[0], *sums[0].tolist()), Moments(sizes[1], *sums[1].tolist())))
    return tuple(found)


def effects(sums: tuple[tuple[Moments, Moments], ...], *, planned_days: int, level: float = LEVEL) -> tuple[Day, ...]:
    """The lift of each day from the running sums of both arms.

    What has been seen is counted in member-days: as long as days are alike, the spread of totals grows with them, and
    where some members always buy more than others, looks resemble each other and the interval is on the safe side.
    """
    return tuple(_effects(sums, planned_days, level))


def _effects(sums: tuple[tuple[Moments, Moments], ...], planned_days: int, level: float) -> Iterator[Day]:
    for day, (treated, reference) in enumerate(sums):
        lift = welch(treated, reference, level=level)
        if isinstance(lift, NotMeasured):
            yield Day(day, lift, None)
        else:
            held = always_valid(lift.estimate, lift.error, day + 1, planned_n=planned_days, level=level)
            yield Day(day, lift, held)


def _added(
    totals: NDArray[np.float64],
    member: NDArray[np.integer],
    value: NDArray[np.floating] | NDArray[np.integer],
    treated: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Adds one day's lines to the totals (n,), and says by how much the arms' sums and sums of squares grow (2, 2)."""
    buyers, line = np.unique(member, return_inverse=True)
    more = np.bincount(line, weights=value, minlength=buyers.size)
    before = totals[buyers]
    totals[buyers] = before + more
    squares = more * (2 * before + more)
    ours = treated[buyers]
    return np.array([[more[arm].sum(), squares[arm].sum()] for arm in (ours, ~ours)])


def _check(
    member: NDArray[np.integer],
    day: NDArray[np.integer],
    value: NDArray[np.floating] | NDArray[np.integer],
    treated: NDArray[np.bool_],
) -> None:
    if not member.shape == day.shape == value.shape:
        raise ValueError("Every line needs a member, a day and a value.")
    if member.size and not 0 <= int(member.min()) <= int(member.max()) < treated.size:
        raise ValueError("A line belongs to no member of the campaign.")
    if day.size and int(day.min()) < 0:
        raise ValueError("A line is of a day before the outcome window.")
