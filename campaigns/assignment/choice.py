"""What each member takes at given prices, and by how much each offer is in or out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """`offer` (n, each) what every member takes, the best first, -1 for nothing; `gained` (n,) what they keep of its
    value after charges; `margin` (n, k) by how much each offer is better than what would be there in its stead."""

    offer: NDArray[np.int16]
    gained: Array
    margin: Array


def choice(
    reduced: Array, most: NDArray[np.int64], category: NDArray[np.int64], each: int, *, margins: bool = True
) -> Choice:
    """The best offers at values less charges (n, k), -inf where not possible: up to `most` (n,), one per category.

    An offer's margin is its reduced value less the highest of nothing, the best other one of its category and, where
    other categories fill the member's places without it, the least of those. It is in where its margin is above 0.
    """
    best, at, other = _by_category(reduced, category)
    top, ranked = _top(best, each + 1)
    is_taken = (top[:, :each] > 0) & (np.arange(each) < most[:, None])
    offer = np.where(is_taken, np.take_along_axis(at, ranked[:, :each], axis=1), -1).astype(np.int16)
    margin = reduced - np.maximum(_rival(best, top, most)[:, category], other) if margins else np.empty((0, 0))
    margin[most[: len(margin)] == 0] = -np.inf
    return Choice(offer, _kept(top[:, :each], most), margin)


def _rival(best: Array, top: Array, most: NDArray[np.int64]) -> Array:
    """What each category (n, c) has to beat in order to be among those that a member takes."""
    members = np.arange(len(best))
    last_in, next_in = top[members, np.maximum(most - 1, 0)], top[members, most]
    return np.where(best >= last_in[:, None], next_in[:, None], last_in[:, None])


def _top(best: Array, count: int) -> tuple[Array, NDArray[np.intp]]:
    """The highest of (n, c) values above 0 in order, and where they are: (n, count), 0 where there are no more."""
    remaining, members = best.copy(), np.arange(len(best))
    top, ranked = np.zeros((len(best), count)), np.zeros((len(best), count), dtype=np.intp)
    for place in range(min(count, best.shape[1])):
        ranked[:, place] = remaining.argmax(axis=1)
        top[:, place] = np.maximum(remaining[members, ranked[:, place]], 0.0)
        remaining[members, ranked[:, place]] = -np.inf
    return top, ranked


def _by_category(reduced: Array, category: NDArray[np.int64]) -> tuple[Array, NDArray[np.intp], Array]:
    """The best value of each category (n, c), at which offer, and for each offer the best other one of its category
    (n, k), or 0."""
    count = int(category.max(initial=-1)) + 1
    if np.array_equal(category, np.arange(len(category))):
        return reduced, np.broadcast_to(np.arange(count), reduced.shape), np.zeros(())
    best, at = np.empty((len(reduced), count)), np.empty((len(reduced), count), dtype=np.intp)
    other = np.zeros(reduced.shape)
    members = np.arange(len(reduced))
    for number in range(count):
        columns = np.flatnonzero(category == number)
        among = reduced[:, columns]
        first = among.argmax(axis=1)
        best[:, number], at[:, number] = among[members, first], columns[first]
        if len(columns) > 1:
            other[:, columns] = np.maximum(best[:, number], 0.0)[:, None]
            among[members, first] = 0.0
            other[members, columns[first]] = among.max(axis=1, initial=0.0)
    return best, at, other


def _kept(top: Array, most: NDArray[np.int64]) -> Array:
    """Added up place by place, so that a compiled loop comes to the same."""
    kept = np.zeros(len(top))
    for place in range(top.shape[1]):
        kept += np.where(place < most, top[:, place], 0.0)
    return kept
