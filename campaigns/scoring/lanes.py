"""Sixteen numbers side by side, which the compiler keeps in one register: what the loops of scoring are made of.

A compiler left to itself reads and writes what a product adds up at every step; here it is told what stays in
registers. What is done to a number is the same wherever it stands, so scores do not depend on who else is asked about.
Importing this brings the compiler, which takes a second: see `kernels`.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

LANES = 16
WIDTH = 2 * LANES  # columns of weights that a block of rows is multiplied with at once
# Rows at once: with their sums, two registers of weights and one more they take nearly all that a processor has.
ROWS = 12 if get_host_cpu_features().get("avx512f") else 2

_NUMBERS, _WHOLE = ir.VectorType(ir.FloatType(), LANES), ir.VectorType(ir.IntType(32), LANES)
_FRACTION_BITS = 23
_STARTS = range(0, WIDTH, LANES)


class _Lanes(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Lanes")


register_model(_Lanes)(lambda manager, of: models.PrimitiveModel(manager, of, _NUMBERS))
_lanes = _Lanes()


def _known(typed: Callable[..., Any]) -> Any:
    return intrinsic(typed)


def _pointer(context: Any, builder: Any, signature: Any, values: Any, array: int) -> Any:
    return context.make_array(signature.args[array])(context, builder, values[array]).data


def _wide(builder: Any, pointer: Any, at: Any) -> Any:
    return builder.bitcast(builder.gep(pointer, [at]), _NUMBERS.as_pointer())


def _called(builder: Any, name: str, values: Any, result: Any = _NUMBERS) -> Any:
    kind = ir.FunctionType(result, [value.type for value in values])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), values)


def _repeated(builder: Any, value: Any, kind: Any) -> Any:
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, one, ir.Constant(_WHOLE, [0] * LANES))


def _said(lanes: int, say: Callable[[Any, Any], Any]) -> Any:
    """What takes so many lanes and gives others, by what it says to the compiler."""

    def made(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return say(builder, values)

    signature = _lanes(*[_lanes] * lanes)
    if lanes == 1:
        return intrinsic(lambda _, a: (signature, made))
    return intrinsic((lambda _, a, b: (signature, made)) if lanes == 2 else (lambda _, a, b, c: (signature, made)))


def _times_power(builder: Any, values: Any) -> Any:
    power = builder.shl(builder.fptosi(values[1], _WHOLE), ir.Constant(_WHOLE, [_FRACTION_BITS] * LANES))
    return builder.bitcast(builder.add(builder.bitcast(values[0], _WHOLE), power), _NUMBERS)


plus = _said(2, lambda builder, values: builder.fadd(*values))
minus = _said(2, lambda builder, values: builder.fsub(*values))
times = _said(2, lambda builder, values: builder.fmul(*values))
over = _said(2, lambda builder, values: builder.fdiv(*values))
least = _said(2, lambda builder, values: _called(builder, "llvm.minnum.v16f32", values))
most = _said(2, lambda builder, values: _called(builder, "llvm.maxnum.v16f32", values))
root = _said(1, lambda builder, values: _called(builder, "llvm.sqrt.v16f32", values))
rounded = _said(1, lambda builder, values: _called(builder, "llvm.rint.v16f32", values))
# a × b + c, rounded once.
fma = _said(3, lambda builder, values: _called(builder, "llvm.fma.v16f32", values))
# a × 2^n for whole n, where neither a nor what it gives is 0 or too large: n is added to the exponent.
times_power = _said(2, _times_power)


@_known
def repeated(_: Any, number: Any) -> Any:
    def made(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return _repeated(builder, values[0], _NUMBERS)

    return _lanes(types.float32), made


@_known
def total(_: Any, lanes: Any) -> Any:
    """Of all of them, added up in whichever order is quickest, always the same."""

    def made(_: Any, builder: Any, __: Any, values: Any) -> Any:
        kind = ir.FunctionType(ir.FloatType(), [ir.FloatType(), _NUMBERS])
        add = cgutils.get_or_insert_function(builder.module, kind, "llvm.vector.reduce.fadd.v16f32")
        return builder.call(add, [ir.Constant(ir.FloatType(), 0.0), values[0]], fastmath=("reassoc",))

    return types.float32(lanes), made


@_known
def load(_: Any, numbers: Any, at: Any) -> Any:
    """Those of a flat array from `at` on."""

    def made(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(_wide(builder, _pointer(context, builder, signature, values, 0), values[1]), align=4)

    return _lanes(numbers, types.intp), made


@_known
def store(_: Any, numbers: Any, at: Any, lanes: Any, count: Any) -> Any:
    """The first `count` of them, or all where that is more, into a flat array from `at` on."""

    def made(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        limit = _repeated(builder, builder.trunc(values[3], ir.IntType(32)), _WHOLE)
        is_stored = builder.icmp_signed("<", ir.Constant(_WHOLE, list(range(LANES))), limit)
        into = _wide(builder, _pointer(context, builder, signature, values, 0), values[1])
        given = [values[2], into, ir.Constant(ir.IntType(32), 4), is_stored]
        _called(builder, "llvm.masked.store.v16f32.p0", given, ir.VoidType())
        return context.get_dummy_value()

    return types.void(numbers, types.intp, lanes, types.intp), made


@_known
def multiply(
    _: Any, rows: Any, first: Any, across: Any, down: Any, depth: Any, weights: Any, at: Any, found: Any, into: Any
) -> Any:
    """ROWS rows times `depth` rows of WIDTH weights, added up in their order: (ROWS, WIDTH).

    All arrays are flat. The rows begin at `first`, their columns are `across` and they themselves `down` apart; the
    weights begin at `at`, and what is found at `into`.
    """
    place = types.intp
    return types.void(rows, place, place, place, place, weights, place, found, place), _multiplied


def _multiplied(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    rows, weights, found = (_pointer(context, builder, signature, values, array) for array in (0, 5, 7))
    _, first, across, down, depth, _, at, _, into = values
    rows, whole = builder.gep(rows, [first]), depth.type
    starts = [builder.gep(rows, [builder.mul(down, whole(row))]) for row in range(ROWS)]
    zero = ir.Constant(_NUMBERS, [0.0] * LANES)
    sums = [[cgutils.alloca_once_value(builder, zero) for _ in _STARTS] for _ in range(ROWS)]
    with cgutils.for_range(builder, depth) as loop:
        weight = builder.add(at, builder.mul(loop.index, whole(WIDTH)))
        own = [builder.load(_wide(builder, weights, builder.add(weight, whole(lane))), align=4) for lane in _STARTS]
        column = builder.mul(loop.index, across)
        for start, of_row in zip(starts, sums, strict=True):
            number = _repeated(builder, builder.load(builder.gep(start, [column])), _NUMBERS)
            for lanes, of_lanes in zip(own, of_row, strict=True):
                added = _called(builder, "llvm.fma.v16f32", [number, lanes, builder.load(of_lanes)])
                builder.store(added, of_lanes)
    for row, of_row in enumerate(sums):
        for lane, of_lanes in zip(_STARTS, of_row, strict=True):
            place = builder.add(into, whole(row * WIDTH + lane))
            builder.store(builder.load(of_lanes), _wide(builder, found, place), align=4)
    return context.get_dummy_value()
