"""Which words changed from one text to the next."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words in a row that all changed, or all stayed."""

    words: str
    is_change: bool


def marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces: what went is marked in the first, what came in the second. Joined they are the texts."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    gone, came = [], []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        gone.append(Piece("".join(old[i1:i2]), tag != "equal"))
        came.append(Piece("".join(new[j1:j2]), tag != "equal"))
    return [piece for piece in gone if piece.words], [piece for piece in came if piece.words]
