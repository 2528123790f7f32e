"""Many bytes at a time: how compiled loops look at text.

A word is a uint64 of eight bytes, the first of them lowest. A mark is 0x80 in each byte of a word that meets a test.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types, uint64
from numba.extending import intrinsic

from loyalty.files.compiled.loops import inlined

SIZE, WIDTH = 8, 64
ONES = uint64(0x0101010101010101)
SEVENS = uint64(0x7F7F7F7F7F7F7F7F)

Bytes = npt.NDArray[np.uint8]

_BYTE, _WORD = ir.IntType(8), ir.IntType(64)
_BYTES = ir.VectorType(_BYTE, WIDTH)


@intrinsic  # type: ignore[untyped-decorator]
def load(_: Any, content: Any, at: Any) -> Any:
    """The word at any byte of an array; who calls sees to it that all eight are inside."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(_pointer(context, builder, signature, values, _WORD), align=1)

    return types.uint64(content, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def store(_: Any, content: Any, at: Any, word: Any) -> Any:
    """Puts a word at any byte of an array; who calls sees to it that all eight are inside."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        builder.store(values[2], _pointer(context, builder, signature, values, _WORD), align=1)
        return context.get_dummy_value()

    return types.void(content, types.int64, types.uint64), generate


@intrinsic  # type: ignore[untyped-decorator]
def equal(_: Any, content: Any, at: Any, byte: Any) -> Any:
    """Which of 64 bytes are this one, as the bits of a number, the first of them lowest; all 64 must be inside."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        some = builder.load(_pointer(context, builder, signature, values, _BYTES), align=1)
        one = builder.insert_element(ir.Constant(_BYTES, ir.Undefined), values[2], ir.Constant(ir.IntType(32), 0))
        first = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
        all_ = builder.shuffle_vector(one, ir.Constant(_BYTES, ir.Undefined), first)
        return builder.bitcast(builder.icmp_unsigned("==", some, all_), _WORD)

    return types.uint64(content, types.int64, types.uint8), generate


@intrinsic  # type: ignore[untyped-decorator]
def first_bit(_: Any, bits: Any) -> Any:
    """The place of the lowest bit that is set; 64 if none is."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


@intrinsic  # type: ignore[untyped-decorator]
def count_bits(_: Any, bits: Any) -> Any:
    """How many bits are set."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return types.int64(types.uint64), generate


def _pointer(context: Any, builder: Any, signature: Any, values: Any, to: Any) -> Any:
    begins = context.make_array(signature.args[0])(context, builder, values[0]).data
    return builder.bitcast(builder.gep(builder.bitcast(begins, _BYTE.as_pointer()), [values[1]]), to.as_pointer())


@inlined
def marked_zeros(word: Any) -> Any:
    """A mark for each byte that is zero, and for no other."""
    return ~(((word & SEVENS) + SEVENS) | word | SEVENS)


@inlined
def ending(content: Bytes, stop: int) -> Any:
    """The word whose last byte stands before `stop`; zeros for what is before the beginning."""
    if stop >= SIZE:
        return load(content, stop - SIZE)
    word = uint64(0)
    for at in range(stop):
        word |= uint64(content[at]) << uint64(SIZE * (SIZE - stop + at))
    return word
