"""Weights as the compiled loops read them: by panels of columns, each in one piece."""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from campaigns.scoring.product import Product, Weights

Array = NDArray[np.float64]
Rows = NDArray[np.float32]
Number = TypeVar("Number", bound=np.generic)


class Packed(NamedTuple):
    """`weights` (panels, g + q + s + t, WIDTH) flat, of what `Product` works out, thing after thing, each of `padded`
    columns: those of the g general columns, of the q proportional and the s responding ones, and for the t columns of
    affinities in `used` which column of weights is of that department."""

    weights: Rows
    used: NDArray[np.intp]
    general: int
    proportional: int
    responding: int


class Taken(NamedTuple):
    """What is taken off margins: `cost` and `errors` of each offer, zeros where columns are there for nothing; `alone`,
    the affinity for no department, 1 for offers without one and 0 for others; the `directions` of unusual members
    (panels, g + q + s, WIDTH), flat; and what a contact costs."""

    directions: Rows
    cost: Rows
    errors: Rows
    alone: Rows
    contact: np.float32


class Placed(NamedTuple):
    """Rows (n, d) in a flat array: columns `across` apart, and members `down` apart."""

    numbers: Rows
    across: int
    down: int


def packed(product: Product, *, lanes: int, width: int) -> Packed:
    """Of things with as many columns each as `lanes` go into, and zeros up to a whole number of panels."""
    stacked = [np.vstack([*_rows(each), product.chosen]) for each in product.things]
    padded = [np.pad(each, ((0, 0), (0, -each.shape[1] % lanes))) for each in stacked]
    first = product.things[0]
    return Packed(
        panels(np.hstack(padded), width=width),
        _flat(product.used),
        len(first.general),
        len(first.proportional),
        len(first.responding),
    )


def taken(
    directions: Array,
    cost: Rows,
    errors: Rows,
    is_alone: NDArray[np.bool_],
    contact_cost: float,
    *,
    lanes: int,
    width: int,
) -> Taken:
    """From the directions (c, r) of unusual members, and what is taken off k offers, some without a department."""

    def padded(numbers: Rows) -> Rows:
        return _flat(np.pad(numbers, (0, -len(numbers) % lanes)))

    alone = is_alone.astype(np.float32)
    return Taken(panels(directions, width=width), padded(cost), padded(errors), padded(alone), np.float32(contact_cost))


def panels(weights: Rows | Array, *, width: int) -> Rows:
    """(depth, columns) as flat (panels, depth, width), with zeros in columns that are there for nothing."""
    whole = np.pad(weights.astype(np.float32), ((0, 0), (0, -weights.shape[1] % width)))
    return _flat(whole.reshape(len(whole), -1, width).swapaxes(0, 1))


def placed(rows: Rows) -> Placed:
    """Rows (n, d), n and d at least 1, in whichever order they are in memory, without a copy."""
    down, across = (step // rows.itemsize for step in rows.strides)
    length = (len(rows) - 1) * down + (rows.shape[1] - 1) * across + 1
    return Placed(_flat(as_strided(rows, (length,), (rows.itemsize,))), across, down)


def _rows(weights: Weights) -> tuple[Rows, Rows, Rows]:
    return weights.general, weights.proportional, weights.responding


def _flat(numbers: NDArray[Number]) -> NDArray[Number]:
    """In one piece, and read-only, for which alone the loops are compiled."""
    flat = np.ascontiguousarray(numbers).reshape(-1)
    flat = flat.view()
    flat.flags.writeable = False
    return flat
