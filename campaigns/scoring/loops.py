"""The innermost loops of scoring, compiled: rows times weights, and what becomes of each score while it is at hand.

They say what `weighed.ByArrays` says, as nearly as single precision can tell. A member's scores are the same to the
last bit however many others are asked about in the same call.
"""

from collections.abc import Callable
from math import factorial, log
from typing import Any, NamedTuple

import numpy as np
from numba import njit, types

from campaigns.scoring import lanes, tiles
from campaigns.scoring.lanes import LANES, Loop, inlined
from campaigns.scoring.packed import Departments, Packed, Placed, Taken
from campaigns.scoring.tiles import COLUMNS, MEMBERS

ZERO, ONE = np.float32(0), np.float32(1)
# Of 2, times one that offers add (`packed.LARGEST_SHIFT`): far from what is out of bounds.
LARGEST_POWER = np.float32(80)
# 2^x for |x| ≤ 1/2, by as much of its Taylor series as single precision can tell.
SERIES = tuple(np.float32(log(2) ** power / factorial(power)) for power in range(7))
BLOCK = COLUMNS * MEMBERS
POWERS = 5  # of √affinity, none among them

_FLAT = types.Array(types.float32, 1, "C", readonly=True)
_FOUND = types.float32[::1]
_WHERE = types.Array(types.intp, 1, "C", readonly=True)
_PACKED = types.NamedTuple((_FLAT, _WHERE, _FLAT, *[types.intp] * 3), Packed)
_DEPARTMENTS = types.NamedUniTuple(_WHERE, 2, Departments)
_PLACED = types.NamedTuple((_FLAT, types.intp), Placed)
_TAKEN = types.NamedTuple((*[_FLAT] * 3, types.float32, *[types.intp] * 3), Taken)


def _compiled(*arguments: Any) -> Callable[[Loop], Loop]:
    def made(loop: Loop) -> Loop:
        found: Loop = njit(types.void(*arguments), nogil=True, cache=True)(loop)
        return found

    return made


class Found(NamedTuple):
    """Of MEMBERS rows, what offers have in common, of each part of a thing: (columns, MEMBERS)."""

    general: Any
    proportional: Any
    responding: Any


@inlined
def _room(packed: Any) -> Any:
    depth = packed.general + packed.proportional + packed.responding
    size = len(packed.weights) // depth * MEMBERS
    own = size if packed.proportional else 0
    return Found(np.empty(size, np.float32), np.empty(own, np.float32), np.empty(own, np.float32))


@inlined
def _add_up(rows: Any, first: int, packed: Any, found: Any, late: Any) -> None:
    """What offers have in common, for MEMBERS rows from `first` on, while what is late is written."""
    numbers, across, weights = rows.numbers, rows.across, packed.weights
    general, proportional, responding = packed.general, packed.proportional, packed.responding
    at, done = 0, 0
    for into in range(0, len(found.general), BLOCK):
        tiles.multiply(numbers, first, across, general, weights, at, found.general, into, late, done)
        at, done = at + general * COLUMNS, done + tiles.written(general)
        if proportional:
            tiles.multiply(numbers, first, across, proportional, weights, at, found.proportional, into, late, done)
            at, done = at + proportional * COLUMNS, done + tiles.written(proportional)
            tiles.multiply(numbers, first, across, responding, weights, at, found.responding, into, late, done)
            at, done = at + responding * COLUMNS, done + tiles.written(responding)
    tiles.write_rest(late, done)


@inlined
def _take_roots(rows: Any, first: int, used: Any, roots: Any) -> None:
    """Of the affinities of MEMBERS rows for the departments in use, (t, MEMBERS)."""
    for department in range(len(used)):
        for lane in range(0, MEMBERS, LANES):
            affinity = lanes.load(rows.numbers, used[department] * rows.across + first + lane)
            lanes.store(roots, department * MEMBERS + lane, lanes.root(affinity))


@inlined
def _work_out(packed: Any, found: Any, departments: Any, roots: Any, lane: int, into: Any) -> None:
    """What is worked out of all offers for LANES members, (k, LANES). Loops have no branches within: where one stands
    in a loop, the compiler counts who holds each array at every turn."""
    offers = len(packed.of)
    if packed.proportional:
        for offer in range(offers):
            at, root = packed.of[offer] * MEMBERS + lane, lanes.load(roots, departments.of[offer] * MEMBERS + lane)
            steep = lanes.plus(lanes.load(found.proportional, at), lanes.repeated(packed.shifts[offers + offer]))
            level = lanes.plus(lanes.load(found.responding, at), lanes.repeated(packed.shifts[2 * offers + offer]))
            added = lanes.plus(lanes.load(found.general, at), lanes.repeated(packed.shifts[offer]))
            lanes.store(into, offer * LANES, lanes.fma(lanes.fma(steep, root, level), root, added))
    else:
        for offer in range(offers):
            found_there = lanes.load(found.general, packed.of[offer] * MEMBERS + lane)
            lanes.store(into, offer * LANES, lanes.plus(found_there, lanes.repeated(packed.shifts[offer])))


@inlined
def _power(exponent: Any) -> Any:
    """2 to the power of numbers, which are held within bounds."""
    held = lanes.most(lanes.least(exponent, lanes.repeated(LARGEST_POWER)), lanes.repeated(-LARGEST_POWER))
    whole = lanes.rounded(held)
    rest = lanes.minus(held, whole)
    found = lanes.fma(lanes.repeated(SERIES[6]), rest, lanes.repeated(SERIES[5]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[4]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[3]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[2]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[1]))
    found = lanes.fma(found, rest, lanes.repeated(SERIES[0]))
    return lanes.times_power(found, whole)


@inlined
def _reciprocal(number: Any) -> Any:
    """1 / x for x ≥ 1, by two steps towards it from a guess, the first of the third order: a quarter of the time that a
    division takes."""
    one = lanes.repeated(ONE)
    found = lanes.nearly_reciprocal(number)
    off = lanes.fma(lanes.minus(lanes.repeated(ZERO), number), found, one)
    found = lanes.fma(lanes.fma(off, off, off), found, found)
    off = lanes.fma(lanes.minus(lanes.repeated(ZERO), number), found, one)
    return lanes.fma(off, found, found)


@inlined
def _raise(found: Any) -> None:
    """Powers of 2 in place of what is worked out, where all that offers differ in is a factor of these."""
    for at in range(0, len(found.general), LANES):
        lanes.store(found.general, at, _power(lanes.load(found.general, at)))


@inlined
def _find_chances(packed: Any, found: Any, departments: Any, roots: Any, lane: int, into: Any) -> None:
    """1 / (1 + 2^x), the probability whose logit is −x ln 2, (k, LANES); without departments, what was found and what
    offers add are powers already."""
    one = lanes.repeated(ONE)
    if packed.proportional:
        _work_out(packed, found, departments, roots, lane, into)
        for at in range(0, len(packed.of) * LANES, LANES):
            lanes.store(into, at, _reciprocal(lanes.plus(one, _power(lanes.load(into, at)))))
    else:
        for offer in range(len(packed.of)):
            power = lanes.load(found.general, packed.of[offer] * MEMBERS + lane)
            chance = _reciprocal(lanes.fma(power, lanes.repeated(packed.shifts[offer]), one))
            lanes.store(into, offer * LANES, chance)


@inlined
def _take_off(taken: Any, departments: Any, unusual: Any, lane: int, value: Any, expected: Any, redeem: Any) -> None:
    """Costs and caution off the margins that `expected` has."""
    contact = lanes.repeated(taken.contact)
    for offer in range(len(departments.of)):
        at = offer * LANES
        cost = lanes.times(lanes.repeated(taken.cost[offer]), lanes.load(redeem, at))
        net = lanes.minus(lanes.minus(lanes.load(expected, at), cost), contact)
        unlike = lanes.load(unusual, departments.of[offer] * MEMBERS + lane)
        lanes.store(value, at, lanes.minus(net, lanes.times(unlike, lanes.repeated(taken.errors[offer]))))
        lanes.store(expected, at, net)


@inlined
def _find_unusual(
    rows: Any, first: int, taken: Any, along: Any, powers: Any, roots: Any, unusual: Any, late: Any
) -> None:
    """How unusual MEMBERS rows are for each department in use (t, MEMBERS): see `caution.Caution.unusual`. There is
    room for what is found `along` some directions (3, COLUMNS, MEMBERS), and for `powers` (POWERS, MEMBERS)."""
    powers[:] = 0
    depth, done = taken.general + taken.proportional + taken.responding, 0
    for at in range(0, len(taken.directions), depth * COLUMNS):
        done = _add_along(rows, first, taken, at, along, late, done)
        for lane in range(0, MEMBERS, LANES):
            _add_powers(along, lane, powers)
    tiles.write_rest(late, done)
    for department in range(0, len(roots), MEMBERS):
        for lane in range(0, MEMBERS, LANES):
            root, square = lanes.load(roots, department + lane), lanes.load(powers, (POWERS - 1) * MEMBERS + lane)
            for power in range(POWERS - 2, -1, -1):
                square = lanes.fma(square, root, lanes.load(powers, power * MEMBERS + lane))
            lanes.store(unusual, department + lane, lanes.root(lanes.most(square, lanes.repeated(ZERO))))


@inlined
def _add_along(rows: Any, first: int, taken: Any, at: int, along: Any, late: Any, done: int) -> int:
    """What general, proportional and responding columns add along a few directions, whose weights begin at `at`; and
    how much of what is late is done."""
    into = 0
    for depth in (taken.general, taken.proportional, taken.responding):
        tiles.multiply(rows.numbers, first, rows.across, depth, taken.directions, at, along, into, late, done)
        at += depth * COLUMNS
        done += tiles.written(depth)
        into += BLOCK
    return done


@inlined
def _add_powers(along: Any, lane: int, powers: Any) -> None:
    """How much a few directions add to each power of √affinity in the square of how unusual LANES members are."""
    nones, ones = lanes.load(powers, lane), lanes.load(powers, MEMBERS + lane)
    twos, threes = lanes.load(powers, 2 * MEMBERS + lane), lanes.load(powers, 3 * MEMBERS + lane)
    fours = lanes.load(powers, 4 * MEMBERS + lane)
    for at in range(lane, BLOCK, MEMBERS):
        general, proportional = lanes.load(along, at), lanes.load(along, at + BLOCK)
        responding = lanes.load(along, at + 2 * BLOCK)
        nones = lanes.fma(general, general, nones)
        ones = lanes.fma(lanes.plus(general, general), responding, ones)
        twos = lanes.fma(responding, responding, twos)
        twos = lanes.fma(lanes.plus(general, general), proportional, twos)
        threes = lanes.fma(lanes.plus(responding, responding), proportional, threes)
        fours = lanes.fma(proportional, proportional, fours)
    for power, sums in enumerate((nones, ones, twos, threes, fours)):
        lanes.store(powers, power * MEMBERS + lane, sums)


@_compiled(_PLACED, types.intp, _DEPARTMENTS, _PACKED, _FOUND, types.boolean)
def chances(rows: Any, members: int, departments: Any, redeeming: Any, chance: Any, past_cache: bool) -> None:
    """Writes the probabilities (n, k), flat, of n rows, at least MEMBERS, by weights of the powers of 2 in them."""
    offers, found = len(redeeming.of), _room(redeeming)
    ready, of_some = np.empty(MEMBERS * offers, np.float32), tiles.room(offers)
    roots, late = np.empty(len(departments.used) * MEMBERS, np.float32), tiles.later(ready[:0], chance, 0, past_cache)
    for start in range(0, members, MEMBERS):
        first = min(start, members - MEMBERS)
        _add_up(rows, first, redeeming, found, late)
        if redeeming.proportional:
            _take_roots(rows, first, departments.used, roots)
        else:
            _raise(found)
        late = tiles.later(ready, chance, first * offers, past_cache)
        for lane in range(0, MEMBERS, LANES):
            _find_chances(redeeming, found, departments, roots, lane, of_some)
            tiles.put(of_some, lane, offers, late)
    tiles.write_rest(late, 0)


@_compiled(_PLACED, types.intp, _DEPARTMENTS, _PACKED, _PACKED, _TAKEN, _FOUND, _FOUND, _FOUND, types.boolean)
def scores(
    rows: Any,
    members: int,
    departments: Any,
    margin: Any,
    redeeming: Any,
    taken: Any,
    value: Any,
    expected: Any,
    redeem: Any,
    past_cache: bool,
) -> None:
    """Writes `Scores`, each (n, k) flat, of n rows, at least MEMBERS, by weights of margins and of those powers."""
    offers = len(margin.of)
    margins, powers, ready = _room(margin), _room(redeeming), np.empty((3, MEMBERS * offers), np.float32)
    roots, unusual = np.empty((2, len(departments.used) * MEMBERS), np.float32)
    along, squares = np.empty(3 * BLOCK, np.float32), np.empty(POWERS * MEMBERS, np.float32)
    of_value, of_expected, of_redeem = tiles.room(offers), tiles.room(offers), tiles.room(offers)
    late_value = tiles.later(ready[0, :0], value, 0, past_cache)
    late_expected = tiles.later(ready[1, :0], expected, 0, past_cache)
    late_redeem = tiles.later(ready[2, :0], redeem, 0, past_cache)
    for start in range(0, members, MEMBERS):
        first = min(start, members - MEMBERS)
        _add_up(rows, first, margin, margins, late_value)
        _add_up(rows, first, redeeming, powers, late_expected)
        if not redeeming.proportional:
            _raise(powers)
        _take_roots(rows, first, departments.used, roots)
        _find_unusual(rows, first, taken, along, squares, roots, unusual, late_redeem)
        late_value = tiles.later(ready[0], value, first * offers, past_cache)
        late_expected = tiles.later(ready[1], expected, first * offers, past_cache)
        late_redeem = tiles.later(ready[2], redeem, first * offers, past_cache)
        for lane in range(0, MEMBERS, LANES):
            _work_out(margin, margins, departments, roots, lane, of_expected)
            _find_chances(redeeming, powers, departments, roots, lane, of_redeem)
            _take_off(taken, departments, unusual, lane, of_value, of_expected, of_redeem)
            tiles.put(of_value, lane, offers, late_value)
            tiles.put(of_expected, lane, offers, late_expected)
            tiles.put(of_redeem, lane, offers, late_redeem)
    tiles.write_rest(late_value, 0)
    tiles.write_rest(late_expected, 0)
    tiles.write_rest(late_redeem, 0)
