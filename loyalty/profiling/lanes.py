"""Compares 64 rows at once, in the compiler's own language: of a loop that puts bits together it makes no vectors.

How many of the rows the processor compares in one step is the compiler's affair.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

LANES = 64  # a word of bits


def _within(typing: Any, column: types.Type, row: types.Type, first: types.Type, last: types.Type) -> Any:
    """A word with a bit for each of 64 rows of a column: whether its number is from the first to the last.

    The distances from the first are unsigned, so that one comparison is enough.
    """

    def told(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        number = context.get_value_type(column.dtype)
        rows = ir.VectorType(number, LANES)
        start = builder.gep(context.make_array(column)(context, builder, given[0]).data, [given[1]])
        numbers = builder.load(builder.bitcast(start, rows.as_pointer()), align=column.dtype.bitwidth // 8)
        lowest, width = given[2], builder.sub(given[3], given[2])
        distances = builder.sub(numbers, _everywhere(builder, rows, lowest))
        inside = builder.icmp_unsigned("<=", distances, _everywhere(builder, rows, width))
        return builder.bitcast(inside, ir.IntType(LANES))

    return types.uint64(column, types.intp, column.dtype, column.dtype), told


def _everywhere(builder: Any, rows: ir.VectorType, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(rows, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    nowhere_else = ir.Constant(ir.VectorType(ir.IntType(32), rows.count), None)
    return builder.shuffle_vector(one, ir.Constant(rows, ir.Undefined), nowhere_else)


within = intrinsic(_within)
