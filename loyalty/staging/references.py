"""Finds what a file refers to: the ids of rows by their references, each asked for once."""

import pyarrow as pa
from django.db import connection
from psycopg.sql import SQL

from loyalty.staging.target import Reference

_IDS = SQL("SELECT ref, id FROM {} known WHERE ref = ANY (%s)")


class Ids:
    """The ids of the rows of a reference; it keeps those that were asked for and found."""

    def __init__(self, reference: Reference) -> None:
        self._query = _IDS.format(SQL(reference.rows))
        self._known: dict[str, int] = {}

    def of(self, refs: pa.Array) -> pa.Array:
        """The id of each row that is named, null where none is, and where the name is not known."""
        coded = refs.dictionary_encode()
        named = coded.dictionary.to_pylist()
        self._ask([ref for ref in named if ref not in self._known])
        return pa.array([self._known.get(ref) for ref in named], pa.int64()).take(coded.indices)

    def _ask(self, refs: list[str]) -> None:
        if not refs:
            return
        with connection.cursor() as cursor:
            cursor.execute(self._query, [refs])
            self._known.update(cursor.fetchall())
