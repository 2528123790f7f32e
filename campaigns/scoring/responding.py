"""The compiled loops of scoring by affinity: see `affinity.ByLoops`. Importing this brings the compiler."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from campaigns.scoring import lanes, tiles
from campaigns.scoring.lanes import LANES

Loop = TypeVar("Loop", bound=Callable[..., object])

_READ = types.Array(types.float32, 1, "C", readonly=True)
_DOUBLE = types.Array(types.float64, 1, "C", readonly=True)
_FOUND = types.float32[::1]
_WHERE = types.Array(types.intp, 1, "C", readonly=True)


class Known(NamedTuple):
    """Of each offer (k,) what is the same for all members: its department's place among those in use, the margin of an
    average member, the share who redeem, and the cost of a reward. What a contact costs, and the highest chance."""

    of: NDArray[np.intp]
    base: NDArray[np.float32]
    rate: NDArray[np.float32]
    cost: NDArray[np.float32]
    contact: np.float32
    most: np.float32


_KNOWN = types.NamedTuple((_WHERE, *[_READ] * 3, *[types.float32] * 2), Known)


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


@_compiled((_READ, types.intp, _KNOWN, _FOUND, _FOUND, types.boolean))
def value(times_average: Any, members: int, known: Any, values: Any, redeem: Any, past_cache: bool) -> None:
    """As `affinity.values`, (n, k) flat, of n members, at least LANES, from how many times an average member's their
    response is to each department (t, n), flat."""
    offers, ready = len(known.of), np.empty(LANES * len(known.of), np.float32)
    of_values, of_redeem = tiles.room(offers), tiles.room(offers)
    most, contact = lanes.repeated(known.most), lanes.repeated(known.contact)
    for start in range(0, members, LANES):
        first = min(start, members - LANES)
        for offer in range(offers):
            times = lanes.load(times_average, known.of[offer] * members + first)
            chance = lanes.least(lanes.times(lanes.repeated(known.rate[offer]), times), most)
            margin = lanes.times(lanes.repeated(known.base[offer]), times)
            net = lanes.minus(lanes.minus(margin, lanes.times(lanes.repeated(known.cost[offer]), chance)), contact)
            lanes.store(of_redeem, offer * LANES, chance)
            lanes.store(of_values, offer * LANES, net)
        late = tiles.later(ready, redeem, first * offers, past_cache)
        tiles.put(of_redeem, 0, offers, late)
        tiles.write_rest(late, 0)
        late = tiles.later(ready, values, first * offers, past_cache)
        tiles.put(of_values, 0, offers, late)
        tiles.write_rest(late, 0)
