"""Adds rows to the sums of their places, in the compiler's own language: of two sums it makes no vector by itself.

A row's two terms are added as one: what costs the time is how often a place is read and written.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

# Rows that are widened and multiplied at once: with more, registers are longer and have to be taken apart.
LANES = 4
# Rows at a time: as many numbers of 32 bits as come from memory at once. Those so many rows ahead are fetched meanwhile.
ROWS, AHEAD = 16, 2048
# Rows take turns with sums of their own, as reading what has only just been written takes a while.
TURNS = 2
TERMS = 2
# How many, below the sum: in 64 bits there is room for the sum of so many times any number of 32 bits.
COUNT_BITS = 16

_WHOLE, _INDEX = ir.IntType(64), ir.IntType(32)
_NUMBERS, _TERMS = ir.VectorType(_WHOLE, LANES), ir.VectorType(_WHOLE, TERMS)


def _add_rows(_: Any, values: Any, first: Any, places: Any, table: Any) -> Any:
    """Of a column of whole numbers, the ROWS rows from `first` on, to a flat int64 table.

    `places` are where a row's sums begin, those of its first turn: [value << COUNT_BITS | 1, value²] are added there.
    """
    return types.void(values, types.intp, places, table), _added


def _added(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    values, places, table = (_pointer(context, builder, signature, given, array) for array in (0, 2, 3))
    values, places = (builder.gep(each, [given[1]]) for each in (values, places))
    _fetch(builder, builder.gep(values, [_WHOLE(AHEAD)]))
    for first in range(0, ROWS, LANES):
        terms = _terms(builder, builder.gep(values, [_WHOLE(first)]))
        for row in range(LANES):
            place = builder.load(builder.gep(places, [_WHOLE(first + row)]))
            _add_row(builder, builder.shuffle_vector(*terms, _indexes(row, row + LANES)), table, place, row % TURNS)
    return context.get_dummy_value()


def _fetch(builder: Any, place: Any) -> None:
    """Nothing happens where there is no such place."""
    to_read, nearly_closest, data = 0, 2, 1
    told = [builder.bitcast(place, ir.IntType(8).as_pointer()), *map(_INDEX, (to_read, nearly_closest, data))]
    kind = ir.FunctionType(ir.VoidType(), [each.type for each in told])
    builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0"), told)


def _add_row(builder: Any, terms: Any, table: Any, place: Any, turn: int) -> None:
    start = builder.add(builder.zext(place, _WHOLE), _WHOLE(turn * TERMS))
    sums = builder.bitcast(builder.gep(table, [start]), _TERMS.as_pointer())
    builder.store(builder.add(builder.load(sums, align=8), terms), sums, align=8)


def _terms(builder: Any, values: Any) -> tuple[Any, Any]:
    """Of LANES values."""
    kind = values.type.pointee
    narrow = builder.bitcast(values, ir.VectorType(kind, LANES).as_pointer())
    wide = builder.sext(builder.load(narrow, align=kind.width // 8), _NUMBERS)
    return builder.or_(builder.shl(wide, _everywhere(COUNT_BITS)), _everywhere(1)), builder.mul(wide, wide)


def _everywhere(number: int) -> Any:
    return ir.Constant(_NUMBERS, [number] * LANES)


def _indexes(*rows: int) -> Any:
    return ir.Constant(ir.VectorType(_INDEX, len(rows)), list(rows))


def _pointer(context: Any, builder: Any, signature: Any, given: Any, array: int) -> Any:
    return context.make_array(signature.args[array])(context, builder, given[array]).data


add_rows = intrinsic(_add_rows)
