"""Weights as the compiled loops read them: those that many offers share once, a few columns at a time in one piece.

A new offer has the weights of its kind, and only what it adds for everybody, or in proportion to affinity or its root,
is its own. So there are fewer columns of weights than offers, and the product is of those alone.
"""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from campaigns.scoring.local import Local
from campaigns.scoring.product import Weights

# An offer that adds more than this power of 2 for everybody shares no weights, so that no power is out of bounds.
LARGEST_SHIFT = 40.0
NUMBER_BYTES, LINE_BYTES = 4, 64

Array = NDArray[np.float64]
Rows = NDArray[np.float32]
Number = TypeVar("Number", bound=np.generic)


class Packed(NamedTuple):
    """One thing worked out of k offers. `weights` (blocks, depth, `columns` at a time) of what offers have in common,
    of which each has that in column `of` (k,); its depth is of `general`, `proportional` and `responding` columns.
    `shifts` (3, k): what an offer adds to each of these for everybody. Arrays are flat."""

    weights: Rows
    of: NDArray[np.intp]
    shifts: Rows
    general: int
    proportional: int
    responding: int


class Departments(NamedTuple):
    """The columns `used` (t,) of affinities, and of which of them each offer is, `of` (k,); no department has
    everybody's."""

    used: NDArray[np.intp]
    of: NDArray[np.intp]


class Taken(NamedTuple):
    """What is taken off margins: `cost` (k,) and `errors` (k,) of each offer; the `directions` of unusual members,
    packed as weights are; what a contact costs; and the depth of the directions, by kinds of columns."""

    directions: Rows
    cost: Rows
    errors: Rows
    contact: np.float32
    general: int
    proportional: int
    responding: int


class Placed(NamedTuple):
    """Rows (n, d) in a flat array, a column after the other: these are `across` apart."""

    numbers: Rows
    across: int


def packed(weights: Weights, *, columns: int, responds: bool) -> Packed:
    """Of offers with these weights, of which some respond to affinity or none does."""
    parts = [weights.general, weights.proportional, weights.responding][: 3 if responds else 1]
    shifts = np.zeros((3, weights.general.shape[1]), dtype=np.float32)
    common = [_taken_out(part, shift) for part, shift in zip(parts, shifts, strict=False)]
    depths = [len(part) for part in common] + [0] * (3 - len(parts))
    different, of = np.unique(np.vstack(common), axis=1, return_inverse=True)
    return Packed(blocks(different, columns=columns), flat(of.astype(np.intp)), flat(shifts), *depths)


def powers(shifts: Rows) -> Rows:
    """Of 2: what powers are multiplied by, instead of adding to their exponents."""
    return flat(np.exp2(shifts.astype(np.float64)).astype(np.float32))


def departments(affinities: NDArray[np.intp]) -> Departments:
    """Of offers by the columns (k,) of their affinities."""
    used, of = np.unique(affinities, return_inverse=True)
    return Departments(flat(used), flat(of.astype(np.intp)))


def taken(local: Local, directions: Array, cost: Rows, errors: Rows, contact_cost: float, *, columns: int) -> Taken:
    """From the directions (c, r) of unusual members among local rows, and what is taken off k offers."""
    depths = local.general, local.proportional, local.responding
    return Taken(blocks(directions, columns=columns), flat(cost), flat(errors), np.float32(contact_cost), *depths)


def blocks(weights: Rows | Array, *, columns: int) -> Rows:
    """(depth, k) as flat (blocks, depth, columns), with zeros in columns that are there for nothing."""
    whole = np.pad(weights.astype(np.float32), ((0, 0), (0, -weights.shape[1] % columns)))
    return flat(whole.reshape(len(whole), -1, columns).swapaxes(0, 1))


def placed(rows: Rows) -> Placed:
    """Rows (n, d), n and d at least 1; where they are not column after column in memory, a copy that is."""
    if rows.strides[0] != rows.itemsize:
        rows = np.asfortranarray(rows)
    across = rows.strides[1] // rows.itemsize
    length = (rows.shape[1] - 1) * across + len(rows)
    return Placed(flat(as_strided(rows, (length,), (rows.itemsize,))), across)


def flat(numbers: NDArray[Number]) -> NDArray[Number]:
    """In one piece, and read-only, for which alone the loops are compiled."""
    found = np.ascontiguousarray(numbers).reshape(-1).view()
    found.flags.writeable = False
    return found


def room(members: int, offers: int) -> Rows:
    """For scores (n, k), from the beginning of a cache's line on."""
    bytes_there = np.empty(members * offers * NUMBER_BYTES + LINE_BYTES, dtype=np.uint8)
    first = -bytes_there.ctypes.data % LINE_BYTES
    return bytes_there[first : first + members * offers * NUMBER_BYTES].view(np.float32).reshape(members, offers)


def past_cache(*found: Rows) -> bool:
    """Does all that is to be written begin with a cache's line?"""
    return all(each.ctypes.data % LINE_BYTES == 0 for each in found)


def _taken_out(part: Rows, shift: Rows) -> Rows:
    """Without what each offer adds for everybody, which is put into `shift` unless it is too large."""
    own = np.abs(part[0]) <= LARGEST_SHIFT
    shift[:] = np.where(own, part[0], 0)
    return np.vstack([np.where(own, 0, part[:1]), part[1:]])
