"""Arrow columns out of the world's whole numbers."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.demo.retailer.chance import Ints

MINUTES_A_DAY = 24 * 60


def money(cents: Ints) -> pa.Array:
    """Whole cents as decimals with two places, without passing through a float."""
    halves = np.stack([cents, cents >> 63], axis=1)  # the sign fills the upper half of a 128-bit number
    return pa.Array.from_buffers(pa.decimal128(12, 2), len(cents), [None, pa.py_buffer(np.ascontiguousarray(halves))])


def times(day: Ints, minute: Ints) -> pa.Array:
    """Days since 1970-01-01 and minutes after midnight as times without a zone: the retailer's own."""
    return pa.array((day * MINUTES_A_DAY + minute) * 60, pa.timestamp("s"))


def dates(day: Ints) -> pa.Array:
    return pa.array(day.astype(np.int32), pa.date32())


def named(names: Sequence[str], code: Ints) -> pa.Array:
    """The name of each code, null for -1."""
    return pa.array(names, pa.string()).take(pa.array(code, mask=code < 0))


def reference(prefix: str, *parts: tuple[Ints, int]) -> pa.Array:
    """Texts such as "B20123-000017-004": numbers of at least so many digits each, joined by hyphens."""
    texts = [pc.utf8_lpad(pa.array(number).cast(pa.string()), width, "0") for number, width in parts]
    return pc.binary_join_element_wise(pc.binary_join_element_wise(prefix, texts[0], ""), *texts[1:], "-")


def extended(references: pa.Array, number: Ints) -> pa.Array:
    """The references with a small number, from 0, counted on from each of them: "B20123-000017-004-01" for 0."""
    endings = [f"{ending:02d}" for ending in range(1, int(number.max(initial=0)) + 2)]
    return pc.binary_join_element_wise(references, named(endings, number), "-")
