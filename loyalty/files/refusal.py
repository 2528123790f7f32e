"""What is said of a file that cannot be read, and of a row that cannot be loaded."""

from typing import NamedTuple

LONGEST_QUOTE = 200


class FileRefused(Exception):  # noqa: N818 - a refusal is an answer to the reader, not an error of the program
    """The file cannot be read at all; the message is one sentence that says why and what to do."""


class Reject(NamedTuple):
    """A row that was left out: where it begins (physical line), which cell, what stood there, and what is wrong.

    `text` is all of a row that fits no table.
    """

    line: int
    column: str
    value: str
    reason: str
    text: str = ""


def quoted(text: str) -> str:
    """Text from a file, short enough to be shown in a sentence."""
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
