"""Sixteen numbers side by side, which the compiler keeps in one register: what the loops of scoring are made of.

A compiler left to itself reads and writes what a product adds up at every step; here it is told what stays in
registers. What is done to a number is the same wherever it stands, so scores do not depend on who else is asked about.
Importing this brings the compiler, which takes a second: see `kernels`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

Loop = TypeVar("Loop", bound=Callable[..., Any])

LANES = 16
LINE_BYTES = 64

NUMBERS, WHOLE = ir.VectorType(ir.FloatType(), LANES), ir.VectorType(ir.IntType(32), LANES)
_FRACTION_BITS = 23
# Less what a number's bits are, as an integer: those of its reciprocal, within 6 %.
_NEARLY_RECIPROCAL = 0x7EF311C7


class _Lanes(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Lanes")


register_model(_Lanes)(lambda manager, of: models.PrimitiveModel(manager, of, NUMBERS))
_lanes = _Lanes()


def stated(typed: Callable[..., Any]) -> Any:
    """What the compiler is told in its own terms."""
    return intrinsic(typed)


def inlined(loop: Loop) -> Loop:
    """Compiled as a part of whatever calls it."""
    made: Loop = njit(inline="always")(loop)
    return made


def pointer(context: Any, builder: Any, signature: Any, values: Any, array: int) -> Any:
    return context.make_array(signature.args[array])(context, builder, values[array]).data


def wide(builder: Any, pointer: Any, at: Any) -> Any:
    return builder.bitcast(builder.gep(pointer, [at]), NUMBERS.as_pointer())


def called(builder: Any, name: str, values: Any, result: Any = NUMBERS) -> Any:
    kind = ir.FunctionType(result, [value.type for value in values])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), values)


def spread(builder: Any, value: Any, kind: Any) -> Any:
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, one, ir.Constant(WHOLE, [0] * LANES))


def past_cache(builder: Any, lanes: Any, into: Any) -> None:
    stored = builder.store(lanes, into, align=LINE_BYTES)
    stored.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))


def _said(lanes: int, say: Callable[[Any, Any], Any]) -> Any:
    """What takes so many lanes and gives others, by what it says to the compiler."""

    def made(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return say(builder, values)

    signature = _lanes(*[_lanes] * lanes)
    if lanes == 1:
        return intrinsic(lambda _, a: (signature, made))
    return intrinsic((lambda _, a, b: (signature, made)) if lanes == 2 else (lambda _, a, b, c: (signature, made)))


def _times_power(builder: Any, values: Any) -> Any:
    power = builder.shl(builder.fptosi(values[1], WHOLE), ir.Constant(WHOLE, [_FRACTION_BITS] * LANES))
    return builder.bitcast(builder.add(builder.bitcast(values[0], WHOLE), power), NUMBERS)


def _nearly_reciprocal(builder: Any, values: Any) -> Any:
    least = ir.Constant(WHOLE, [_NEARLY_RECIPROCAL] * LANES)
    return builder.bitcast(builder.sub(least, builder.bitcast(values[0], WHOLE)), NUMBERS)


plus = _said(2, lambda builder, values: builder.fadd(*values))
minus = _said(2, lambda builder, values: builder.fsub(*values))
times = _said(2, lambda builder, values: builder.fmul(*values))
over = _said(2, lambda builder, values: builder.fdiv(*values))
least = _said(2, lambda builder, values: called(builder, "llvm.minnum.v16f32", values))
most = _said(2, lambda builder, values: called(builder, "llvm.maxnum.v16f32", values))
root = _said(1, lambda builder, values: called(builder, "llvm.sqrt.v16f32", values))
rounded = _said(1, lambda builder, values: called(builder, "llvm.rint.v16f32", values))
# a × b + c, rounded once.
fma = _said(3, lambda builder, values: called(builder, "llvm.fma.v16f32", values))
# a × 2^n for whole n, where neither a nor what it gives is 0 or too large: n is added to the exponent.
times_power = _said(2, _times_power)
nearly_reciprocal = _said(1, _nearly_reciprocal)


@stated
def repeated(_: Any, number: Any) -> Any:
    def made(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return spread(builder, values[0], NUMBERS)

    return _lanes(types.float32), made


@stated
def load(_: Any, numbers: Any, at: Any) -> Any:
    """Those of a flat array from `at` on."""

    def made(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(wide(builder, pointer(context, builder, signature, values, 0), values[1]), align=4)

    return _lanes(numbers, types.intp), made


@stated
def store(_: Any, numbers: Any, at: Any, lanes: Any) -> Any:
    """Into a flat array from `at` on."""

    def made(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        builder.store(values[2], wide(builder, pointer(context, builder, signature, values, 0), values[1]), align=4)
        return context.get_dummy_value()

    return types.void(numbers, types.intp, lanes), made


@stated
def stream(_: Any, numbers: Any, at: Any, lanes: Any) -> Any:
    """As `store`, to where a cache's line begins, and past the cache, which then need not be read before."""

    def made(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        past_cache(builder, values[2], wide(builder, pointer(context, builder, signature, values, 0), values[1]))
        return context.get_dummy_value()

    return types.void(numbers, types.intp, lanes), made
