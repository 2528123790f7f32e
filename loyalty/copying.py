"""Rows out of PostgreSQL as arrays: a binary COPY of fixed-width columns is a structured array already."""

from collections.abc import Mapping

import numpy as np
from django.db import connection

HEADER_BYTES = 19
TRAILER_BYTES = 2


def row_type(**columns: str) -> np.dtype:
    """The layout of a binary COPY row whose columns are all of fixed width ("i2", "i4", "i8", "f8") and never null."""
    fields = [("_columns", ">i2")]
    for name, kind in columns.items():
        fields += [(f"_{name}_bytes", ">i4"), (name, f">{kind}")]
    return np.dtype(fields)


def read(query: str, parameters: Mapping[str, object], row: np.dtype) -> np.ndarray:
    """The rows of a SELECT as a structured array of `row`, whose columns must match the query's in order and width."""
    received = bytearray()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", parameters) as copy:
        for part in copy:
            received += part
    count, rest = divmod(len(received) - HEADER_BYTES - TRAILER_BYTES, row.itemsize)
    if rest:
        raise ValueError(f"The query's columns do not have the widths of {row.names}.")
    return np.frombuffer(received, dtype=row, count=count, offset=HEADER_BYTES)
