"""Parses whole columns of text, and single cells only where the column as a whole cannot be parsed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

_FEW = 32


class Converted(NamedTuple):
    """A typed column, null where a cell is empty or faulty, and what is wrong with each faulty cell by its row."""

    values: pa.Array
    faults: dict[int, str]


@dataclass(frozen=True)
class Parser:
    """`together` parses a column or raises ArrowInvalid, `alone` reads a cell, `joined` makes a column of such."""

    together: Callable[[pa.Array], pa.Array]
    alone: Callable[[str], Any]
    joined: Callable[[Sequence[Any]], pa.Array]


def parse(texts: pa.Array, parser: Parser) -> Converted:
    """Halves a column that cannot be parsed until the cells at fault stand among a few, and reads those one by one."""
    parts: list[pa.Array] = []
    faults: dict[int, str] = {}
    waiting = [(0, len(texts))]
    while waiting:
        start, stop = waiting.pop()
        part = texts.slice(start, stop - start)
        try:
            parts.append(parser.together(part))
            continue
        except pa.ArrowInvalid:
            if stop - start > _FEW:
                middle = (start + stop) // 2
                waiting += [(middle, stop), (start, middle)]
                continue
        values, found = each(part.to_pylist(), parser.alone)
        parts.append(parser.joined(values))
        faults |= {start + row: reason for row, reason in found.items()}
    return Converted(pa.concat_arrays(parts), faults)


def parse_distinct(texts: pa.Array, read: Callable[[str], Any], result: pa.DataType) -> Converted:
    """Reads each distinct text of a column once."""
    coded = texts.dictionary_encode()
    values, found = each(coded.dictionary.to_pylist(), read)
    read_once = pa.array(values, result)
    column = texts if read_once.equals(coded.dictionary) else read_once.take(coded.indices)
    return Converted(column, _by_row(found, coded.indices) if found else {})


def _by_row(faults: dict[int, str], codes: pa.Array) -> dict[int, str]:
    coded = codes.fill_null(-1).to_numpy(zero_copy_only=False)
    return {int(row): faults[int(coded[row])] for row in np.flatnonzero(np.isin(coded, list(faults)))}


def each(texts: Sequence[str | None], read: Callable[[str], Any]) -> tuple[list[Any], dict[int, str]]:
    """The value of each text, None where it is unknown or at fault, and the faults by position."""
    values: list[Any] = []
    faults: dict[int, str] = {}
    for position, text in enumerate(texts):
        try:
            values.append(None if text is None else read(text))
        except ValueError as fault:
            values.append(None)
            faults[position] = str(fault)
    return values, faults
