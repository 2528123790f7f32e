"""The innermost loops of scoring, compiled: rows times weights, and what becomes of each score while it is at hand.

They say what `weighed.ByArrays` says, as nearly as single precision can tell. A member's scores are the same to the
last bit however many others are asked about in the same call.
"""

from collections.abc import Callable
from math import factorial, log
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit, types

from campaigns.scoring import lanes
from campaigns.scoring.lanes import LANES, ROWS, WIDTH
from campaigns.scoring.packed import Packed, Placed, Taken

Loop = TypeVar("Loop", bound=Callable[..., object])

ZERO, ONE = np.float32(0), np.float32(1)
LARGEST_POWER = np.float32(126)
# 2^x for |x| ≤ 1/2, by as much of its Taylor series as single precision can tell.
SERIES = tuple(np.float32(log(2) ** power / factorial(power)) for power in range(7))
PANEL = ROWS * WIDTH
POWERS = 5  # of √affinity, none among them

_FLAT = types.Array(types.float32, 1, "C", readonly=True)
_FOUND = types.float32[::1]
_WHERE = types.Array(types.intp, 1, "C", readonly=True)
_PACKED = types.NamedTuple((_FLAT, _WHERE, _FLAT, *[types.intp] * 3, types.boolean), Packed)
_PLACED = types.NamedTuple((_FLAT, *[types.intp] * 2), Placed)
_TAKEN = types.NamedTuple((*[_FLAT] * 3, types.float32), Taken)


class Room(NamedTuple):
    """Of ROWS rows, no more than LANES: what was `found` (panels, ROWS, WIDTH), and from which `parts`; of the panels
    of one thing, the `affinity` for each offer's department, its `root`, and how `unusual` a row is for it, and the
    same of each department in use (3, t, LANES), its `own`; what was found `along` the directions of unusual members
    (panels, 3, ROWS, WIDTH); and the `powers` (POWERS, LANES) of roots in it. All are flat."""

    found: Any
    parts: Any
    affinity: Any
    root: Any
    unusual: Any
    own: Any
    along: Any
    powers: Any


def _inlined(loop: Loop) -> Loop:
    made: Loop = njit(inline="always")(loop)
    return made


def _compiled(*arguments: Any) -> Callable[[Loop], Loop]:
    def made(loop: Loop) -> Loop:
        found: Loop = njit(types.void(*arguments), nogil=True, cache=True)(loop)
        return found

    return made


@_inlined
def _room(packed: Any, directions: int) -> Any:
    depth = packed.general + packed.proportional + packed.responding
    each = len(packed.chosen) // len(packed.used) * ROWS
    return Room(
        np.empty(len(packed.weights) // depth * ROWS, np.float32),
        np.empty(2 * PANEL, np.float32),
        np.empty(each, np.float32),
        np.empty(each, np.float32),
        np.empty(each, np.float32),
        np.zeros(3 * len(packed.used) * LANES, np.float32),
        np.empty(directions // depth * 3 * ROWS, np.float32),
        np.zeros(POWERS * LANES, np.float32),
    )


@_inlined
def _add_up(rows: Any, first: int, packed: Any, room: Any) -> None:
    """All panels of what is worked out for ROWS rows, of which the first begins at `first`."""
    _find_own(rows, first, packed.used, room.own)
    if packed.responds:
        _spread(room.own, 0, packed, room.affinity)
        _spread(room.own, len(packed.used) * LANES, packed, room.root)
    size = (packed.general + packed.proportional + packed.responding) * WIDTH
    for panel in range(len(packed.weights) // size):
        at, into = panel * size, panel * PANEL
        lanes.multiply(
            rows.numbers, first, rows.across, rows.down, packed.general, packed.weights, at, room.found, into
        )
        if packed.responds:
            _add_affinity(rows, first, packed, at + packed.general * WIDTH, room, into)


@_inlined
def _find_own(rows: Any, first: int, used: Any, own: Any) -> None:
    """The affinities of ROWS rows for the departments in use, and their roots."""
    for column in range(len(used)):
        for row in range(ROWS):
            own[column * LANES + row] = rows.numbers[first + row * rows.down + used[column] * rows.across]
    for at in range(0, len(used) * LANES, LANES):
        lanes.store(own, len(used) * LANES + at, lanes.root(lanes.load(own, at)), LANES)


@_inlined
def _spread(own: Any, at: int, packed: Any, found: Any) -> None:
    """From departments to their offers."""
    size = len(packed.used) * WIDTH
    for panel in range(len(packed.chosen) // size):
        lanes.multiply(own, at, LANES, 1, len(packed.used), packed.chosen, panel * size, found, panel * PANEL)


@_inlined
def _add_affinity(rows: Any, first: int, packed: Any, at: int, room: Any, into: int) -> None:
    """To one panel, what grows with affinity and with its root; its weights begin at `at`."""
    numbers, across, down = rows
    lanes.multiply(numbers, first, across, down, packed.proportional, packed.weights, at, room.parts, 0)
    at += packed.proportional * WIDTH
    lanes.multiply(numbers, first, across, down, packed.responding, packed.weights, at, room.parts, PANEL)
    offers = into % len(room.affinity)
    for lane in range(0, PANEL, LANES):
        found = lanes.load(room.found, into + lane)
        found = lanes.fma(lanes.load(room.affinity, offers + lane), lanes.load(room.parts, lane), found)
        found = lanes.fma(lanes.load(room.root, offers + lane), lanes.load(room.parts, PANEL + lane), found)
        lanes.store(room.found, into + lane, found, LANES)


@_inlined
def _find_unusual(rows: Any, first: int, packed: Any, directions: Any, room: Any) -> None:
    """How unusual ROWS rows are for each offer's department: see `caution.Caution.unusual`."""
    _add_along(rows, first, packed, directions, room.along)
    for row in range(ROWS):
        _add_powers(room.along, row, room.powers)
    here = len(packed.used) * LANES
    for at in range(0, here, LANES):
        root, square = lanes.load(room.own, here + at), lanes.load(room.powers, (POWERS - 1) * LANES)
        for power in range(POWERS - 2, -1, -1):
            square = lanes.fma(square, root, lanes.load(room.powers, power * LANES))
        square = lanes.most(square, lanes.repeated(ZERO))
        lanes.store(room.own, 2 * here + at, lanes.root(square), LANES)
    _spread(room.own, 2 * here, packed, room.unusual)


@_inlined
def _add_along(rows: Any, first: int, packed: Any, directions: Any, along: Any) -> None:
    """What general, proportional and responding columns add along all directions, a panel of each."""
    numbers, across, down = rows
    at = into = 0
    while at < len(directions):
        for depth in (packed.general, packed.proportional, packed.responding):
            lanes.multiply(numbers, first, across, down, depth, directions, at, along, into)
            at += depth * WIDTH
            into += PANEL


@_inlined
def _add_powers(along: Any, row: int, powers: Any) -> None:
    """How much of each power of √affinity is in the square of how unusual a row is."""
    nones = ones = twos = threes = fours = lanes.repeated(ZERO)
    for panel in range(0, len(along), 3 * PANEL):
        for lane in range(panel + row * WIDTH, panel + (row + 1) * WIDTH, LANES):
            general, responding = lanes.load(along, lane), lanes.load(along, lane + 2 * PANEL)
            proportional = lanes.load(along, lane + PANEL)
            nones = lanes.fma(general, general, nones)
            ones = lanes.fma(lanes.plus(general, general), responding, ones)
            twos = lanes.fma(responding, responding, twos)
            twos = lanes.fma(lanes.plus(general, general), proportional, twos)
            threes = lanes.fma(lanes.plus(responding, responding), proportional, threes)
            fours = lanes.fma(proportional, proportional, fours)
    for power, sums in enumerate((nones, ones, twos, threes, fours)):
        powers[power * LANES + row] = lanes.total(sums)


@_inlined
def _chance(power: Any) -> Any:
    """1 / (1 + 2^x), the probability whose logit is −x ln 2."""
    held = lanes.most(lanes.least(power, lanes.repeated(LARGEST_POWER)), lanes.repeated(-LARGEST_POWER))
    whole = lanes.rounded(held)
    rest = lanes.minus(held, whole)
    found = lanes.fma(lanes.repeated(SERIES[6]), rest, lanes.repeated(SERIES[5]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[4]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[3]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[2]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[1]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[0]))
    return lanes.over(lanes.repeated(ONE), lanes.plus(lanes.repeated(ONE), lanes.times_power(found, whole)))


@_inlined
def _place(row: int, column: int) -> int:
    """Where a column begins in panels (panels, ROWS, WIDTH)."""
    return (column // WIDTH * ROWS + row) * WIDTH + column % WIDTH


@_compiled(_PLACED, types.intp, _PACKED, _FOUND, types.intp)
def chances(rows: Any, members: int, packed: Any, chance: Any, offers: int) -> None:
    """Writes the probabilities (n, k), flat, of n rows, at least ROWS, by weights of what powers of 2 are taken of."""
    room = _room(packed, 0)
    for start in range(0, members, ROWS):
        first = min(start, members - ROWS)
        _add_up(rows, first * rows.down, packed, room)
        for row in range(ROWS):
            for offer in range(0, offers, LANES):
                found = _chance(lanes.load(room.found, _place(row, offer)))
                lanes.store(chance, (first + row) * offers + offer, found, offers - offer)


@_compiled(_PLACED, types.intp, _PACKED, _TAKEN, _FOUND, _FOUND, _FOUND, types.intp)
def scores(
    rows: Any, members: int, packed: Any, taken: Any, value: Any, expected: Any, redeem: Any, offers: int
) -> None:
    """Writes `Scores`, each (n, k) flat, of n rows, at least ROWS, by weights of margins, then of those powers."""
    room = _room(packed, len(taken.directions))
    for start in range(0, members, ROWS):
        first = min(start, members - ROWS)
        _add_up(rows, first * rows.down, packed, room)
        _find_unusual(rows, first * rows.down, packed, taken.directions, room)
        for row in range(ROWS):
            for offer in range(0, offers, LANES):
                margin = lanes.load(room.found, _place(row, offer))
                chance = _chance(lanes.load(room.found, _place(row, len(taken.cost) + offer)))
                net = lanes.minus(margin, lanes.times(lanes.load(taken.cost, offer), chance))
                net = lanes.minus(net, lanes.repeated(taken.contact))
                unusual = lanes.load(room.unusual, _place(row, offer))
                cautious = lanes.minus(net, lanes.times(unusual, lanes.load(taken.errors, offer)))
                into, count = (first + row) * offers + offer, offers - offer
                lanes.store(value, into, cautious, count)
                lanes.store(expected, into, net, count)
                lanes.store(redeem, into, chance, count)
