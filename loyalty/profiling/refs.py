"""What the retailer calls each member, as bytes one after the other: for hashes of millions, and for nothing else."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Refs:
    """The references of n members in UTF-8.

    That of the member in row i is `text[start[i] : start[i] + length[i]]`; `text` is uint8, `start` (n,) int64 and
    `length` (n,) int32. Those of some of the members share the text with those of all.
    """

    text: np.ndarray
    start: np.ndarray
    length: np.ndarray

    @classmethod
    def of(cls, refs: list[str]) -> "Refs":
        encoded = [ref.encode() for ref in refs]
        return cls.joined(np.frombuffer(b"".join(encoded), dtype=np.uint8), np.array([*map(len, encoded)], np.int32))

    @classmethod
    def joined(cls, text: np.ndarray, length: np.ndarray) -> "Refs":
        """References that lie one after the other, each of (n,) `length` bytes."""
        ends = np.cumsum(length, dtype=np.int64)
        return cls(text, ends - length, np.asarray(length, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, row: int) -> bytes:
        start = int(self.start[row])
        return self.text[start : start + int(self.length[row])].tobytes()

    def take(self, index: np.ndarray | slice) -> "Refs":
        """Those of the members at an index, under a mask or in a slice."""
        return Refs(self.text, self.start[index], self.length[index])
