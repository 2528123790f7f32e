"""Blocks of text → blocks of typed columns, with a reason for every row that has a cell at fault."""

import json
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.files.blocks import Block, Rows
from loyalty.files.bounds import empty, outside
from loyalty.files.kinds import ATTRIBUTE_PREFIX, Column
from loyalty.files.refusal import Reject, quoted

Faults = dict[int, list[tuple[Column, str]]]


def convert(block: Rows, *, time_zone: str) -> Block:
    """Each column in its type; a row with cells at fault is rejected once, by the first of them in the file's order."""
    typed: dict[str, pa.Array] = {}
    faults: Faults = {}
    for column in block.columns:
        typed[column.name], found = _checked(block, column, time_zone)
        for row, reason in found.items():
            faults.setdefault(row, []).append((column, reason))
    table = pa.table(_with_attributes(typed) | {"line": pa.array(block.lines, pa.int64())})
    rejects = block.rejects + [_reject(block, row, found) for row, found in faults.items()]
    if not faults:
        return Block(table, sorted(rejects), done=block.done, size=block.size)
    good, left_out = _parted(table, list(faults))
    unread = _unread(typed, faults)
    return Block(good, sorted(rejects), done=block.done, size=block.size, left_out=left_out, unread=unread)


def _unread(typed: dict[str, pa.Array], faults: Faults) -> Counter[str]:
    return Counter(
        column.name for row, found in faults.items() for column, _ in found if not typed[column.name][row].is_valid
    )


def _checked(block: Rows, column: Column, time_zone: str) -> tuple[pa.Array, dict[int, str]]:
    values, faults = block.converted(column, time_zone=time_zone)
    return values, empty(values, column) | outside(values, column) | faults


def _with_attributes(typed: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """All `attr_…` columns as one JSON object per row, in which what is unknown is null."""
    attributes = {name: values for name, values in typed.items() if name.startswith(ATTRIBUTE_PREFIX)}
    if not attributes:
        return typed
    entries = [_entries(name.removeprefix(ATTRIBUTE_PREFIX), values) for name, values in attributes.items()]
    inside = pc.binary_join_element_wise(*entries, ", ")
    others = {name: values for name, values in typed.items() if name not in attributes}
    return others | {"attributes": pc.binary_join_element_wise("{", inside, "}", "")}


def _entries(name: str, values: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(json.dumps(name), pc.fill_null(values, "null"), ": ")


def _reject(block: Rows, row: int, faults: list[tuple[Column, str]]) -> Reject:
    (column, reason), *others = faults
    also = f" (also at fault in this row: {', '.join(other.name for other, _ in others)})" if others else ""
    return Reject(int(block.lines[row]), column.name, quoted(block.text(row, column)), reason + also)


def _parted(table: pa.Table, rows: list[int]) -> tuple[pa.Table, pa.Table]:
    """The table without these rows, and these."""
    is_good = np.ones(table.num_rows, bool)
    is_good[rows] = False
    return table.filter(pa.array(is_good)), table.filter(pa.array(~is_good))
