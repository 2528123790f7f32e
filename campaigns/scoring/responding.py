"""The compiled loops of scoring by affinity: see `affinity.ByLoops`. Importing this brings the compiler."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from campaigns.scoring import lanes
from campaigns.scoring.lanes import LANES, ROWS, WIDTH

Loop = TypeVar("Loop", bound=Callable[..., object])

_READ = types.Array(types.float32, 1, "C", readonly=True)
_DOUBLE = types.Array(types.float64, 1, "C", readonly=True)
_FOUND = types.float32[::1]


class Known(NamedTuple):
    """Of each offer what is the same for all members, with zeros up to a whole number of panels: the margin of an
    average member, the share who redeem, and the cost of a reward. `chosen` (panels, t, WIDTH) is 1 where an offer is
    of a department. A contact's cost, and the highest chance there is. Arrays are flat."""

    chosen: NDArray[np.float32]
    base: NDArray[np.float32]
    rate: NDArray[np.float32]
    cost: NDArray[np.float32]
    contact: np.float32
    most: np.float32


_KNOWN = types.NamedTuple((*[_READ] * 4, *[types.float32] * 2), Known)


def _compiled(*signatures: Any) -> Callable[[Loop], Loop]:
    def made(loop: Loop) -> Loop:
        found: Loop = njit([types.void(*each) for each in signatures], nogil=True, cache=True, error_model="numpy")(
            loop
        )
        return found

    return made


@_compiled(*[(kind, types.float64, types.float64, _DOUBLE, _DOUBLE, _FOUND) for kind in (_READ, _DOUBLE)])
def respond(affinities: Any, greatest: Any, factor: Any, at: Any, bends: Any, times_average: Any) -> None:
    """As `response.Response.at`, for which affinities count from 0 to the greatest: times a factor that changes its
    slope by `bends` at some affinities."""
    known, factors = np.empty(len(affinities)), np.full(len(affinities), factor)
    for row in range(len(affinities)):
        number = np.float64(affinities[row])
        held = min(max(number, 0.0), greatest)
        known[row] = 1.0 if np.isnan(number) else held
    for knot in range(len(at)):
        for row in range(len(affinities)):
            factors[row] += bends[knot] * max(known[row] - at[knot], 0.0)
    for row in range(len(affinities)):
        times_average[row] = np.float32(known[row] * factors[row])


@_compiled((_READ, types.intp, _KNOWN, _FOUND, _FOUND, types.intp))
def value(times_average: Any, members: int, known: Any, values: Any, redeem: Any, offers: int) -> None:
    """As `affinity.values`, (n, k) flat, of n members, at least ROWS, from how many times an average member's their
    response is to each department (t, n), flat."""
    spread = np.empty(len(known.base) * ROWS, np.float32)
    departments = len(known.chosen) // len(known.base)
    most, contact = lanes.repeated(known.most), lanes.repeated(known.contact)
    for start in range(0, members, ROWS):
        first = min(start, members - ROWS)
        for panel in range(0, len(known.base), WIDTH):
            at, into = panel * departments, panel * ROWS
            lanes.multiply(times_average, first, members, 1, departments, known.chosen, at, spread, into)
        for row in range(ROWS):
            for offer in range(0, offers, LANES):
                times = lanes.load(spread, (offer // WIDTH * ROWS + row) * WIDTH + offer % WIDTH)
                chance = lanes.least(lanes.times(lanes.load(known.rate, offer), times), most)
                margin = lanes.times(lanes.load(known.base, offer), times)
                net = lanes.minus(lanes.minus(margin, lanes.times(lanes.load(known.cost, offer), chance)), contact)
                into, count = (first + row) * offers + offer, offers - offer
                lanes.store(redeem, into, chance, count)
                lanes.store(values, into, net, count)
