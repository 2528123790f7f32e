"""The retailer's own columns (`attr_…`) as typed arrays."""

from collections.abc import Mapping, Sequence

import numpy as np

Columns = dict[str, np.ndarray]
Words = dict[str, tuple[str, ...]]


def as_columns(members: Sequence[Mapping[str, object]]) -> tuple[Columns, Words]:
    """One column per attribute that any member has, and the words of those that are categories.

    Numbers become floats, true and false flags, and anything else a category of its texts; a column of mixed types is
    a category. Unknown is NaN or -1.
    """
    columns: Columns = {}
    words: Words = {}
    for name in sorted({name for member in members for name in member}):
        values = [member.get(name) for member in members]
        known = {type(value) for value in values if value is not None}
        if known == {bool}:
            columns[name] = np.array([-1 if value is None else int(bool(value)) for value in values], dtype=np.int8)
        elif known <= {int, float}:
            columns[name] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        else:
            columns[name], words[f"attr_{name}"] = _category(values)
    return columns, words


def _category(values: Sequence[object]) -> tuple[np.ndarray, tuple[str, ...]]:
    words = tuple(sorted({str(value) for value in values if value is not None}))
    codes = {word: code for code, word in enumerate(words)}
    return np.array([-1 if value is None else codes[str(value)] for value in values], dtype=np.int32), words
