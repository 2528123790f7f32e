"""Codes for the words of a column that comes in blocks: one Python object per word, and none per member."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

Words = tuple[str, ...]
Read = Callable[[str], str | None]

OTHERS = b"\xff"  # stands for all texts without a number of their own, and is none in UTF-8


class Coding:
    """Gives each text a number as it first comes, and at the end the code of its word among all words.

    Of more than `most` different texts it is only told whether there is one.
    """

    def __init__(self, most: int | None = None) -> None:
        self.numbers: dict[bytes, int] = {}
        self.most = most

    def add(self, texts: pa.Array) -> np.ndarray:
        """The numbers of (m,) texts in UTF-8, (m,) int32."""
        encoded = texts.dictionary_encode()
        known = [self._number(text) for text in encoded.dictionary.to_pylist()]
        numbers: np.ndarray = np.array(known, dtype=np.int32)[encoded.indices.to_numpy()]
        return numbers

    def in_order(self, numbers: np.ndarray, *, read: Read) -> tuple[np.ndarray, Words]:
        """As `in_order` of the texts as they read."""
        return in_order(numbers, [self._word(text, read) for text in self.numbers])

    @property
    def has_too_many(self) -> bool:
        return OTHERS in self.numbers

    def _number(self, text: bytes) -> int:
        """Nothing has a number of its own however many there are: it is what may stand for unknown."""
        if text and text not in self.numbers and self.most is not None and len(self.numbers) >= self.most:
            text = OTHERS
        return self.numbers.setdefault(text, len(self.numbers))

    def _word(self, text: bytes, read: Read) -> str | None:
        word = "" if text == OTHERS else read(text.decode())
        return word if word is None or not self.has_too_many else f"one of more than {self.most:,} values"


def in_order(numbers: np.ndarray, told: Sequence[str | None]) -> tuple[np.ndarray, Words]:
    """The codes of what (n,) numbers stand for, (n,) int32, and the words behind the codes, ascending.

    `told` is the word that each number stands for, None for unknown, whose code is -1.
    """
    words = tuple(sorted({word for word in told if word is not None}))
    codes = {word: code for code, word in enumerate(words)}
    return np.array([-1 if word is None else codes[word] for word in told], dtype=np.int32)[numbers], words
