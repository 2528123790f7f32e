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
    """`weights` (panels, g + q + s, WIDTH), of what `Product` works out, thing after thing, each of a whole number of
    panels: those of the g general columns, the q proportional and the s responding ones, which count where an offer
    `responds` to affinity. `chosen` (panels of one thing, t, WIDTH) is 1 where an offer is of the department whose
    affinity is in one of the t columns `used`; no department has everybody's. Arrays are flat."""

    weights: Rows
    used: NDArray[np.intp]
    chosen: Rows
    general: int
    proportional: int
    responding: int
    responds: bool


class Taken(NamedTuple):
    """What is taken off margins: `cost` and `errors` of each offer, zeros where columns are there for nothing; the
    `directions` of unusual members (panels, g + q + s, WIDTH), flat; and what a contact costs."""

    directions: Rows
    cost: Rows
    errors: Rows
    contact: np.float32


class Placed(NamedTuple):
    """Rows (n, d) in a flat array: columns `across` apart, and members `down` apart."""

    numbers: Rows
    across: int
    down: int


def packed(product: Product, affinities: NDArray[np.intp], *, width: int) -> Packed:
    """Of offers by the columns (k,) of their affinities, with zeros up to a whole number of panels for each thing."""
    first, used = product.things[0], np.unique(affinities)
    return Packed(
        _flat(np.concatenate([panels(np.vstack(_rows(each)), width=width) for each in product.things])),
        _flat(used),
        panels((used[:, None] == affinities), width=width),
        len(first.general),
        len(first.proportional),
        len(first.responding),
        bool(len(product.used)),
    )


def taken(directions: Array, cost: Rows, errors: Rows, contact_cost: float, *, width: int) -> Taken:
    """From the directions (c, r) of unusual members, and what is taken off k offers."""
    of_offers = panels(cost[None], width=width), panels(errors[None], width=width)
    return Taken(panels(directions, width=width), *of_offers, np.float32(contact_cost))


def panels(weights: Rows | Array | NDArray[np.bool_], *, width: int) -> Rows:
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
