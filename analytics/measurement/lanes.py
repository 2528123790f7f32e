"""Adds rows to the sums of their places, in the compiler's own language: of two sums it makes no vector by itself.

A row's terms are added in pairs: what costs the time is how often a place is read and written.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

# Rows that are widened and multiplied at once: with more, registers are longer and have to be taken apart.
LANES = 4
# Rows at a time: as many numbers of 32 bits as come from memory at once. Those so many rows later are fetched ahead.
ROWS, AHEAD = 16, 2560
# Rows take turns with sums of their own, as reading what has only just been written takes a while.
TURNS = 2
# Below a sum, for how many numbers it is of: which leaves 46 bits for the sum.
COUNT_BITS = 18

_WHOLE, _INDEX, _BYTE = (ir.IntType(bits) for bits in (64, 32, 8))
_NUMBERS, _PAIR = ir.VectorType(_WHOLE, LANES), ir.VectorType(_WHOLE, 2)


def _add_rows(_: Any, columns: Any, codes: Any, first: Any, places: Any, at: Any, table: Any) -> Any:
    """Of one or two columns of whole numbers, the ROWS rows from `first` on, to a flat int64 table.

    The codes are fetched ahead too. `places`, from `at` on, are where the sums of a row's cell begin, for each turn: of
    value << COUNT_BITS | 1 and value², and with a second column of before, before², value × before and nothing.
    """
    return types.void(columns, codes, types.intp, places, types.intp, table), _added


def _added(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    columns, codes = (_all_from(context, builder, signature.args[at], given[at], given[2]) for at in (0, 1))
    places = _from(context, builder, signature.args[3], given[3], given[4])
    table = _from(context, builder, signature.args[5], given[5], _WHOLE(0))
    for column in columns + codes:
        _fetch(builder, builder.gep(column, [_WHOLE(AHEAD)]))
    for first in range(0, ROWS, LANES):
        pairs = _pairs(builder, [_wide(builder, builder.gep(column, [_WHOLE(first)])) for column in columns])
        for row in range(LANES):
            place = builder.load(builder.gep(places, [_WHOLE(first + row)]))
            begun = builder.add(builder.zext(place, _WHOLE), _WHOLE(row % TURNS * 2 * len(pairs)))
            _add_row(builder, pairs, row, builder.gep(table, [begun]))
    return context.get_dummy_value()


def _all_from(context: Any, builder: Any, kinds: Any, arrays: Any, start: Any) -> list[Any]:
    each = zip(kinds, cgutils.unpack_tuple(builder, arrays), strict=True)
    return [_from(context, builder, kind, array, start) for kind, array in each]


def _from(context: Any, builder: Any, kind: Any, array: Any, start: Any) -> Any:
    return builder.gep(context.make_array(kind)(context, builder, array).data, [start])


def _fetch(builder: Any, place: Any) -> None:
    """Nothing happens where there is no such place."""
    to_read, nearly_closest, data = 0, 2, 1
    told = [builder.bitcast(place, _BYTE.as_pointer()), *map(_INDEX, (to_read, nearly_closest, data))]
    kind = ir.FunctionType(ir.VoidType(), [each.type for each in told])
    builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0"), told)


def _wide(builder: Any, numbers: Any) -> Any:
    """LANES of them, of 64 bits."""
    kind = numbers.type.pointee
    narrow = builder.bitcast(numbers, ir.VectorType(kind, LANES).as_pointer())
    return builder.sext(builder.load(narrow, align=kind.width // 8), _NUMBERS)


def _pairs(builder: Any, columns: list[Any]) -> list[tuple[Any, Any]]:
    values = columns[0]
    counted = builder.or_(builder.shl(values, _everywhere(COUNT_BITS)), _everywhere(1))
    pairs = [(counted, builder.mul(values, values))]
    for before in columns[1:]:
        pairs += [(before, builder.mul(before, before)), (builder.mul(values, before), _everywhere(0))]
    return pairs


def _everywhere(number: int) -> Any:
    return ir.Constant(_NUMBERS, [number] * LANES)


def _add_row(builder: Any, pairs: list[tuple[Any, Any]], row: int, begun: Any) -> None:
    mask = ir.Constant(ir.VectorType(_INDEX, 2), [row, row + LANES])
    for number, pair in enumerate(pairs):
        sums = builder.bitcast(builder.gep(begun, [_WHOLE(2 * number)]), _PAIR.as_pointer())
        builder.store(builder.add(builder.load(sums, align=8), builder.shuffle_vector(*pair, mask)), sums, align=8)


add_rows = intrinsic(_add_rows)
