"""Sets of members as packed bits: a hundredth of a second's work on ten million members becomes a thousandth's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loyalty.profiling import kernels
from loyalty.profiling.cores import share

WORD_BITS = 64
STRETCH_WORDS = 15 * 2**10  # so many of several sets fit the cache together, and malloc does not map each anew


@dataclass(frozen=True, eq=False)
class Bitset:
    """A set of the rows 0 to size - 1, one bit each, in (ceil(size / 64),) uint64 words; never changed once made.

    The bits past the last row are 0. Sets that are combined must be over the same rows.
    """

    words: np.ndarray
    size: int

    @classmethod
    def of_words(cls, words: np.ndarray, size: int) -> "Bitset":
        """The rows whose bits are set; those past the last row are cleared, in place."""
        return cls(_cut(words, size), size)

    @classmethod
    def of_mask(cls, mask: np.ndarray) -> "Bitset":
        """The rows that are true in an (n,) bool array."""
        words = np.zeros(words_for(len(mask)), dtype=np.uint64)
        pack(mask, words.view(np.uint8), start=0)
        return cls(words, len(mask))

    @classmethod
    def of_positions(cls, positions: np.ndarray, size: int) -> "Bitset":
        """The rows at these (m,) positions, in any order."""
        mask = np.zeros(size, dtype=bool)
        mask[positions] = True
        return cls.of_mask(mask)

    @classmethod
    def everybody(cls, size: int) -> "Bitset":
        return cls.of_words(np.full(words_for(size), np.iinfo(np.uint64).max, dtype=np.uint64), size)

    @classmethod
    def nobody(cls, size: int) -> "Bitset":
        return cls(np.zeros(words_for(size), dtype=np.uint64), size)

    @classmethod
    def all_of(cls, parts: Sequence["Bitset"]) -> "Bitset":
        """Those who are in every one of these sets, of which there is at least one."""
        return _joined(np.bitwise_and, parts)

    @classmethod
    def any_of(cls, parts: Sequence["Bitset"]) -> "Bitset":
        """Those who are in at least one of these sets, of which there is at least one."""
        return _joined(np.bitwise_or, parts)

    def __and__(self, other: "Bitset") -> "Bitset":
        return Bitset(self.words & other.words, self.size)

    def __or__(self, other: "Bitset") -> "Bitset":
        return Bitset(self.words | other.words, self.size)

    def __invert__(self) -> "Bitset":
        return Bitset.of_words(~self.words, self.size)

    def __contains__(self, position: int) -> bool:
        return bool(self._bytes[position // 8] >> (position % 8) & 1)

    @cached_property
    def count(self) -> int:
        """How many rows are in the set."""
        both = kernels.counting(self.words)
        return both(self.words, self.words) if both else _count(self.words)

    def counts_with(self, others: Sequence["Bitset"]) -> list[int]:
        """For each other set, how many rows are in both."""
        if both := kernels.counting(self.words):
            return share(lambda other: both(self.words, other.words), others)
        counts = ([_count_both(self.words[at], other.words[at]) for other in others] for at in _stretches(self.words))
        return _summed(counts)

    def mask(self) -> np.ndarray:
        """The set as (size,) bool."""
        return np.unpackbits(self._bytes, count=self.size, bitorder="little").view(bool)

    def positions(self) -> np.ndarray:
        """The rows in the set, ascending, (count,) int64."""
        return np.flatnonzero(self.mask())

    def spread(self, most: int) -> np.ndarray:
        """At most so many rows of the set, spread evenly over it from first to last, ascending."""
        ranks = np.linspace(0, self.count - 1, min(most, self.count), dtype=np.int64)
        up_to = np.cumsum(np.bitwise_count(self.words), dtype=np.int64)
        found = np.searchsorted(up_to, ranks, side="right")
        before = up_to[found] - np.bitwise_count(self.words[found])
        return np.array([self._at(*place) for place in zip(found, ranks - before, strict=True)], dtype=np.int64)

    @property
    def nbytes(self) -> int:
        return self.words.nbytes

    @property
    def _bytes(self) -> np.ndarray:
        return self.words.view(np.uint8)

    def _at(self, word: int, rank: int) -> int:
        """The row of a word's bit number `rank` among those that are set."""
        bits = np.unpackbits(self._bytes[word * 8 : word * 8 + 8], bitorder="little")
        return int(word * WORD_BITS + np.flatnonzero(bits)[rank])


def counts_without(parts: Sequence[Bitset], *, every: bool) -> list[int]:
    """For each of two or more sets, how many rows are in all the others, or where not `every` in any other."""
    apart, both = (_but_for_one if every else _by_one_alone), kernels.counting(parts[0].words) or _count_both

    def counts(at: slice) -> list[int]:
        words = [part.words[at] for part in parts]
        at_most, by_one = apart(words)
        together = both(at_most, at_most)
        return [together - both(by_one, own) for own in words]

    return _summed([counts(at) for at in _stretches(parts[0].words)])


def words_for(size: int) -> int:
    """How many words hold a bit for each of so many rows."""
    return -(-size // WORD_BITS)


def pack(mask: np.ndarray, into: np.ndarray, *, start: int) -> None:
    """Write the bits of a mask into a set's uint8 bytes, from the row `start` on, a multiple of 8."""
    packed = np.packbits(mask, bitorder="little")
    into[start // 8 : start // 8 + len(packed)] = packed


def _joined(join: np.ufunc, parts: Sequence[Bitset]) -> Bitset:
    if len(parts) == 1:
        return parts[0]
    words = np.empty_like(parts[0].words)
    for stretch in _stretches(words):
        own = join(parts[0].words[stretch], parts[1].words[stretch], out=words[stretch])
        for part in parts[2:]:
            join(own, part.words[stretch], out=own)
    return Bitset(words, parts[0].size)


def _count(words: np.ndarray) -> int:
    return int(np.bitwise_count(words).sum(dtype=np.uint32))


def _count_both(ours: np.ndarray, theirs: np.ndarray) -> int:
    return _count(ours & theirs)


def _but_for_one(words: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The rows that at most one set lacks, and those that exactly one lacks."""
    everywhere, almost = words[0] & words[1], words[0] | words[1]
    for own in words[2:]:
        almost, everywhere = (almost & own) | everywhere, everywhere & own
    return almost, almost ^ everywhere


def _by_one_alone(words: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The rows in at least one set, and those in exactly one."""
    somewhere, twice = words[0] | words[1], words[0] & words[1]
    for own in words[2:]:
        twice, somewhere = twice | (somewhere & own), somewhere | own
    return somewhere, somewhere ^ twice


def _stretches(words: np.ndarray) -> list[slice]:
    return [slice(first, first + STRETCH_WORDS) for first in range(0, len(words) or 1, STRETCH_WORDS)]


def _summed(counts: Iterable[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]


def _cut(words: np.ndarray, size: int) -> np.ndarray:
    """Clear the bits past the last row, in place."""
    if past := size % WORD_BITS:
        tail = np.zeros(WORD_BITS, dtype=np.uint8)
        tail[:past] = 1
        words[-1] &= np.packbits(tail, bitorder="little").view(np.uint64)[0]
    return words
