"""Writes judged rows: new ones, then changes of known ones, and finds those that may not change."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier

from loyalty.files.refusal import Reject, quoted
from loyalty.staging.bare import bare_if_empty
from loyalty.staging.target import Target, listed

# Several rows may tell of one known thing: the last is what holds, and those before it change nothing.
_COMPARE = SQL("""
    CREATE TEMP TABLE compared ON COMMIT DROP AS
    WITH beside AS (
        SELECT again.*, known.id, {content} IS DISTINCT FROM {known_content} AS differs, {fixed} AS is_fixed
        FROM again JOIN ({known}) known ON {same_key}
    )
    SELECT beside.*,
           differs AND is_fixed AS is_refused,
           differs AND row_number() OVER (
               PARTITION BY {key}, differs AND is_fixed ORDER BY {reverse_order}
           ) = 1 AS changes
    FROM beside
""")
_HOLD_AGAINST_KNOWN = SQL("""
    CREATE TEMP TABLE compared ON COMMIT DROP AS
    SELECT again.line, {content} IS DISTINCT FROM {known_content} AS is_refused, false AS changes
    FROM again JOIN ({known}) known ON {same_key}
""")
_COUNT_JUDGED = (
    "SELECT count(*) FILTER (WHERE NOT again), count(*) FILTER (WHERE again) FROM judged WHERE fault IS NULL"
)
_COUNT_COMPARED = """
    SELECT count(*) FILTER (WHERE changes AND NOT is_refused), count(*) FILTER (WHERE NOT changes AND NOT is_refused),
           count(*) FILTER (WHERE is_refused)
    FROM compared
"""
_CHANGED = "CREATE TEMP VIEW changed AS SELECT * FROM compared WHERE changes AND NOT is_refused"
_REFUSED = SQL("""
    COPY (
        SELECT line, staged.{cell}::text FROM compared JOIN staged USING (line) WHERE is_refused ORDER BY line
    ) TO STDOUT
""")


class Merged(NamedTuple):
    """Rows that were new, that changed what is known, that said what is known already, and that may not change it."""

    loaded: int
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


def merge(target: Target, parameters: Mapping[str, int | dt.datetime | None]) -> Merged:
    """Write the rows of `judged`; afterwards `compared` holds those that came again, if any did."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_JUDGED)
        loaded, again = cursor.fetchone()
        with bare_if_empty(target.table, rows=loaded):
            for statement in (*target.locks, *target.inserts):
                cursor.execute(statement, parameters)
        if not again:
            return Merged(loaded)
        compare(target, parameters)
        for statement in target.updates:
            cursor.execute(statement, parameters)
        cursor.execute(_COUNT_COMPARED)
        return Merged(loaded, *cursor.fetchone())


def compare(target: Target, parameters: Mapping[str, int | dt.datetime | None]) -> None:
    """Make the table `compared` of the rows that came again, beside what is known of the same things."""
    with connection.cursor() as cursor:
        cursor.execute(_comparison(target), parameters)
        if target.updates:
            cursor.execute(_CHANGED)


def rejects(target: Target) -> Iterator[Reject]:
    """The rows whose thing is known with other content and may not change, once compared, in the order of the file."""
    name = target.kind.key[0]
    with connection.cursor() as cursor, cursor.copy(_REFUSED.format(cell=Identifier(name))) as copy:
        for line, value in copy.rows():
            yield Reject(int(line), name, quoted(value or ""), target.fixed_reason)


def _comparison(target: Target) -> Composable:
    comparison = _COMPARE if target.updates else _HOLD_AGAINST_KNOWN
    return comparison.format(
        content=_content(target, of="again."),
        known_content=_content(target, of="known."),
        fixed=SQL(target.fixed),
        known=target.known,
        same_key=SQL(" AND ").join(SQL("known.{0} = again.{0}").format(Identifier(column)) for column in target.key),
        key=listed(target.key),
        reverse_order=SQL(", ").join(SQL("{} DESC").format(Identifier(column)) for column in target.order),
    )


def _content(target: Target, *, of: str) -> Composable:
    return SQL("ROW({})").format(SQL(", ").join(SQL(of) + Identifier(column) for column in target.columns))
