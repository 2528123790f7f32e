"""The words behind the codes of a column: a tuple of which a hundred thousand are no slower to ask than ten."""

from functools import cached_property
from typing import Any


class Vocabulary(tuple[str, ...]):
    """Words by their codes, each of them once; found in a dictionary that is made when it is first asked."""

    def __contains__(self, word: object) -> bool:
        return word in self._codes

    def index(self, word: Any, *bounds: Any) -> int:
        """The code of a word; ValueError where there is no such word."""
        if bounds:
            return super().index(word, *bounds)
        if word not in self._codes:
            raise ValueError(f"There is no word {word!r}.")
        return self._codes[word]

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {word: code for code, word in enumerate(self)}
