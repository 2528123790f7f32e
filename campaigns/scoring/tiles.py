"""A few members at once, sixteen to a register: their product with columns of weights, and writing what comes of it.

Offers come one after the other, so that none is there for nothing, and none has to wait for its department's affinity.
What was found for sixteen members is turned round before it is written, to be theirs one after the other. It is written
while the next members are multiplied, since who writes past the cache waits for memory, and can do both.
"""

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import types
from numba.core import cgutils

from campaigns.scoring import lanes
from campaigns.scoring.lanes import LANES, NUMBERS, WHOLE, called, inlined, pointer, spread, stated, wide

# Members and columns of weights that are multiplied at once: a processor has registers for as many sums.
_IS_WIDE = bool(get_host_cpu_features().get("avx512f"))
MEMBERS, COLUMNS = (2 * LANES, 9) if _IS_WIDE else (LANES, 6)

# Rows so many members ahead are fetched meanwhile: of as many columns at once, a processor cannot tell what is next.
_AHEAD = 4 * MEMBERS
_NEARLY_CLOSEST = 2  # the cache they are fetched to, of which 3 is the closest

_STARTS = range(0, MEMBERS, LANES)
_QUARTER = LANES // 4


class Late(NamedTuple):
    """What was found for MEMBERS, `ready` (MEMBERS, k) to be written `into` rows (n, k) from `begun` on, and past the
    cache; up to where there is any. Arrays are flat."""

    ready: Any
    into: Any
    begun: Any
    upto: Any


@stated
def multiply(
    _: Any,
    rows: Any,
    first: Any,
    across: Any,
    depth: Any,
    weights: Any,
    at: Any,
    found: Any,
    into: Any,
    late: Any,
    done: Any,
) -> Any:
    """MEMBERS rows times `depth` rows of COLUMNS weights, added up in their order: (COLUMNS, MEMBERS).

    All arrays are flat. Columns of rows are `across` apart, and the first, which is 1 for everybody, begins at `first`;
    the weights begin at `at`, and what is found at `into`. With each row but the first, LANES of the `late` numbers are
    written, from `done` on.
    """
    place = types.intp
    return types.void(rows, place, place, place, weights, place, found, place, late, place), _multiplied


def _multiplied(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    rows, weights, found = (pointer(context, builder, signature, values, array) for array in (0, 4, 6))
    _, first, across, depth, _, at, _, into, _, done = values
    late = _Late(context, builder, signature.args[8], values[8])
    rows, weights, whole = builder.gep(rows, [first]), builder.gep(weights, [at]), depth.type
    sums = [_started(builder, weights, column) for column in range(COLUMNS)]
    with cgutils.for_range_slice(builder, whole(1), depth, whole(1)) as (row, _):
        begun = builder.gep(rows, [builder.mul(row, across)])
        own = [builder.load(wide(builder, begun, whole(start)), align=4) for start in _STARTS]
        for start in _STARTS:
            _fetch(builder, builder.gep(begun, [whole(_AHEAD + start)]))
        for column, of_column in enumerate(sums):
            weight = _weight(builder, weights, builder.add(builder.mul(row, whole(COLUMNS)), whole(column)))
            for numbers, sum_there in zip(own, of_column, strict=True):
                builder.store(called(builder, "llvm.fma.v16f32", [weight, numbers, builder.load(sum_there)]), sum_there)
        late.write(builder.add(done, builder.mul(builder.sub(row, whole(1)), whole(LANES))))
    for column, of_column in enumerate(sums):
        for start, sum_there in zip(_STARTS, of_column, strict=True):
            place = builder.add(into, whole(column * MEMBERS + start))
            builder.store(builder.load(sum_there), wide(builder, found, place), align=4)
    return context.get_dummy_value()


@inlined
def written(depth: int) -> int:
    """How many late numbers, while so many rows of weights were multiplied."""
    return max(depth - 1, 0) * LANES


class _Late:
    """`Late`, as the compiler has it."""

    def __init__(self, context: Any, builder: Any, of: Any, value: Any) -> None:
        ready, into, self._begun, self._upto = cgutils.unpack_tuple(builder, value)
        self._builder = builder
        self._ready, self._into = (
            context.make_array(kind)(context, builder, array).data
            for kind, array in zip(of.types[:2], (ready, into), strict=True)
        )

    def write(self, at: Any) -> None:
        builder = self._builder
        with builder.if_then(builder.icmp_signed("<", at, self._upto)):
            number = builder.load(wide(builder, self._ready, at), align=4)
            lanes.past_cache(builder, number, wide(builder, self._into, builder.add(self._begun, at)))


def _fetch(builder: Any, place: Any) -> None:
    """Nothing happens where there is no such place."""
    to_read, data = 0, 1
    told = [ir.Constant(ir.IntType(32), each) for each in (to_read, _NEARLY_CLOSEST, data)]
    called(builder, "llvm.prefetch.p0", [builder.bitcast(place, ir.IntType(8).as_pointer()), *told], ir.VoidType())


def _started(builder: Any, weights: Any, column: int) -> Any:
    weight = _weight(builder, weights, ir.Constant(ir.IntType(64), column))
    return [cgutils.alloca_once_value(builder, weight) for _ in _STARTS]


def _weight(builder: Any, weights: Any, at: Any) -> Any:
    return spread(builder, builder.load(builder.gep(weights, [at])), NUMBERS)


@stated
def turn(_: Any, numbers: Any, at: Any, into: Any, first: Any, down: Any, count: Any) -> Any:
    """LANES rows of LANES numbers, one after the other from `at` on, as columns: the first `count` numbers, or all
    where that is more, of rows that are `down` apart from `first` on."""
    place = types.intp
    return types.void(numbers, place, into, place, place, place), _turned


def _turned(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    numbers, into = (pointer(context, builder, signature, values, array) for array in (0, 2))
    _, at, _, first, down, count = values
    limit = spread(builder, builder.trunc(count, ir.IntType(32)), WHOLE)
    is_stored = builder.icmp_signed("<", ir.Constant(WHOLE, list(range(LANES))), limit)
    for quarter in range(0, LANES, _QUARTER):
        rows = [_gathered(builder, numbers, at, row, quarter) for row in range(_QUARTER)]
        for number, found in enumerate(_turned_within(builder, rows), quarter):
            place = builder.add(first, builder.mul(down, at.type(number)))
            given = [found, wide(builder, into, place), ir.Constant(ir.IntType(32), 4), is_stored]
            called(builder, "llvm.masked.store.v16f32.p0", given, ir.VoidType())
    return context.get_dummy_value()


def _gathered(builder: Any, numbers: Any, at: Any, row: int, quarter: int) -> Any:
    """Four numbers of every fourth row, from one of the first four rows on."""
    kind = ir.VectorType(ir.FloatType(), _QUARTER).as_pointer()
    places = [builder.add(at, at.type(each * LANES + quarter)) for each in range(row, LANES, _QUARTER)]
    one, two, three, four = (
        builder.load(builder.bitcast(builder.gep(numbers, [each]), kind), align=4) for each in places
    )
    return _mixed(builder, _mixed(builder, one, two, range(8)), _mixed(builder, three, four, range(8)), range(LANES))


def _turned_within(builder: Any, rows: Any) -> Any:
    """Of four times four quarters, each quarter's rows as columns."""
    low, high = (0, 16, 1, 17), (2, 18, 3, 19)
    pairs = [(rows[0], rows[2]), (rows[1], rows[3])]
    even, odd = ([_mixed(builder, *pair, _in_quarters(part)) for part in (low, high)] for pair in pairs)
    return [_mixed(builder, *pair, _in_quarters(part)) for pair in zip(even, odd, strict=True) for part in (low, high)]


def _in_quarters(places: Any) -> list[int]:
    return [place + quarter for quarter in range(0, LANES, _QUARTER) for place in places]


def _mixed(builder: Any, one: Any, other: Any, places: Any) -> Any:
    kind = ir.VectorType(ir.IntType(32), len(places))
    return builder.shuffle_vector(one, other, ir.Constant(kind, list(places)))


@inlined
def later(ready: Any, into: Any, begun: int, past_cache: bool) -> Any:
    """All of `ready`, or nothing: LANES rows are a whole number of a cache's lines, so they go past the cache only from
    where one begins."""
    return Late(ready, into, begun, len(ready) if past_cache and begun % LANES == 0 else 0)


@inlined
def put(found: Any, lane: int, offers: int, late: Any) -> None:
    """What was found for LANES members (k, LANES), of which the first is that at `lane`, as rows (LANES, k) to be
    written later, or at once."""
    first = lane * offers
    if late.upto:
        for offer in range(0, offers, LANES):
            turn(found, offer * LANES, late.ready, first + offer, offers, offers - offer)
    else:
        for offer in range(0, offers, LANES):
            turn(found, offer * LANES, late.into, late.begun + first + offer, offers, offers - offer)


@inlined
def write_rest(late: Any, done: int) -> None:
    """What is not yet written."""
    for at in range(done, late.upto, LANES):
        lanes.stream(late.into, late.begun + at, lanes.load(late.ready, at))


@inlined
def room(offers: int) -> Any:
    """For what is found (k, LANES), up to a whole number of LANES."""
    return np.zeros((offers + LANES - 1) // LANES * LANES * LANES, np.float32)
