"""The compiled loops of scoring by affinity: see `responses`. Importing this brings the compiler."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit, types

Loop = TypeVar("Loop", bound=Callable[..., object])

ZERO, ONE = np.float32(0), np.float32(1)

_READ = types.Array(types.float32, 1, "C", readonly=True)
_DOUBLE = types.Array(types.float64, 1, "C", readonly=True)
_WHERE = types.Array(types.intp, 1, "C", readonly=True)
_TABLE = types.float32[:, ::1]


def _compiled(*signatures: Any) -> Callable[[Loop], Loop]:
    def made(loop: Loop) -> Loop:
        found: Loop = njit([types.void(*each) for each in signatures], nogil=True, cache=True, error_model="numpy")(
            loop
        )
        return found

    return made


@_compiled(*[(kind, types.float64, _DOUBLE, _DOUBLE, types.float32[::1]) for kind in (_READ, _DOUBLE)])
def respond(affinities: Any, greatest: Any, at: Any, factor: Any, times_average: Any) -> None:
    """As `response.Response.at`, for which affinities count from 0 to the greatest."""
    last = len(at) - 1
    for row in range(len(affinities)):
        number = np.float64(affinities[row])
        known = 1.0 if np.isnan(number) else min(max(number, 0.0), greatest)
        if known <= at[0]:
            found = factor[0]
        elif known >= at[last]:
            found = factor[last]
        else:
            after = 1
            while at[after] <= known:
                after += 1
            slope = (factor[after] - factor[after - 1]) / (at[after] - at[after - 1])
            found = slope * (known - at[after - 1]) + factor[after - 1]
        times_average[row] = np.float32(known * found)


@_compiled((_TABLE, _WHERE, _READ, _READ, _READ, types.float32, types.float32, _TABLE, _TABLE))
def value(
    times_average: Any, of: Any, base: Any, rate: Any, cost: Any, contact: Any, most: Any, values: Any, redeem: Any
) -> None:
    """As `affinity.values`, from (t, n) how many times an average member's the response is, for the department `of`
    each offer."""
    members, offers = values.shape
    own = np.empty(len(times_average), np.float32)
    for row in range(members):
        for department in range(len(own)):
            own[department] = times_average[department, row]
        for offer in range(offers):
            times = own[of[offer]]
            chance = min(rate[offer] * times, most)
            redeem[row, offer] = chance
            values[row, offer] = base[offer] * times - cost[offer] * chance - contact
