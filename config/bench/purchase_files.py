"""Files of purchases for measuring with: as large as wanted, the same each time, written a part at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

LINES_PER_MEMBER = 64
LINES_PER_BASKET = 4
PRODUCTS, STORES = 2_000, 20

_LINES_AT_ONCE = 2**17
_BEGINS = np.datetime64("2025-01-01T08:00:00", "s")
_SECONDS = 300 * 86400
_CHANNELS = pa.array(["store", "store", "store", "online", "app"])


Ints = npt.NDArray[np.int64]


class Files(NamedTuple):
    """Purchases, and what they refer to."""

    stores: Path
    products: Path
    members: Path
    purchases: Path


def written(directory: Path, *, members: int) -> Files:
    """CSV files of so many members, with a fixed number of lines for each."""
    files = Files(*(directory / f"{kind}-{members}.csv" for kind in Files._fields))
    _write(
        files.stores, iter([pa.table({"store_ref": _refs("bench-S", np.arange(STORES)), "name": ["Store"] * STORES})])
    )
    products = {"product_ref": _refs("bench-P", np.arange(PRODUCTS)), "name": ["Product"] * PRODUCTS}
    _write(files.products, iter([pa.table(products | {"category": ["Grocery > Coffee"] * PRODUCTS})]))
    _write(files.members, iter([pa.table({"member_ref": _refs("bench-M", np.arange(members))})]))
    _write(files.purchases, _purchases(members))
    return files


def _purchases(members: int) -> Iterator[pa.Table]:
    """Baskets in the order of time, each of one member."""
    rng, lines = np.random.default_rng(1), members * LINES_PER_MEMBER
    for first in range(0, lines, _LINES_AT_ONCE):
        line = np.arange(first, min(first + _LINES_AT_ONCE, lines))
        basket, place = np.divmod(line, LINES_PER_BASKET)
        net_cents = rng.integers(50, 2500, len(line))
        baskets = _refs("bench-B", basket)
        yield pa.table(
            {
                "line_ref": pc.binary_join_element_wise(baskets, pa.array(place).cast(pa.string()), "-"),
                "basket_ref": baskets,
                "purchased_at": pa.array(_BEGINS + basket * LINES_PER_BASKET * _SECONDS // lines),
                "quantity": rng.integers(1, 4, len(line)),
                "net_amount": _money(net_cents),
                "member_ref": _refs("bench-M", basket * 2_654_435_761 % members),
                "product_ref": _refs("bench-P", rng.integers(0, PRODUCTS, len(line))),
                "store_ref": _refs("bench-S", basket % STORES),
                "channel": _CHANNELS.take(pa.array(basket % len(_CHANNELS))),
                "discount_amount": _money(net_cents // 10),
                "margin_amount": _money(net_cents // 3),
            }
        )


def _refs(prefix: str, numbers: Ints) -> pa.Array:
    return pc.binary_join_element_wise(prefix, _digits(numbers, 7), "")


def _money(cents: Ints) -> pa.Array:
    return pc.binary_join_element_wise(_digits(cents // 100, 1), _digits(cents % 100, 2), ".")


def _digits(numbers: Ints, width: int) -> pa.Array:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, padding="0")


def _write(path: Path, parts: Iterator[pa.Table]) -> None:
    first = next(parts)
    with csv.CSVWriter(path, first.schema, write_options=csv.WriteOptions(quoting_style="none")) as writer:
        writer.write_table(first)
        for part in parts:
            writer.write_table(part)
