"""A first large file goes into a bare table, whose keys and indexes are built afterwards: several times faster.

Only an empty table is treated so, and only if nobody else is using it or what its keys refer to: for the time of the
writing it is locked. The keys are checked as they are built, so nothing gets in that they would have refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.sql import SQL, Identifier

LARGE = 100_000
# The server's own cleaning gives way to whoever waits for a second; a reader does not, and is not waited for longer.
PATIENCE = "2s"

_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid), confrelid::regclass::text
    FROM pg_constraint own WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'p')
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE confrelid = own.conrelid AND conindid = own.conindid)
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = %s::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
"""


@contextmanager
def bare_if_empty(table: str, *, rows: int) -> Iterator[None]:
    """Within it, an empty table that is about to get many rows has no indexes, and no keys but what others refer to."""
    if rows < LARGE or _has_rows(table):
        yield
        return
    constraints, indexes = _rows(_CONSTRAINTS, table), _rows(_INDEXES, table)
    if not _is_ours({table, *(refers_to for *_, refers_to in constraints if refers_to != "-")}):
        yield
        return
    _strip(table, constraints, indexes)
    yield
    _dress(table, constraints, indexes)


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT EXISTS (SELECT FROM {})").format(Identifier(table)))
        return bool(cursor.fetchone()[0])


def _rows(query: str, table: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        return list(cursor.fetchall())


def _is_ours(tables: set[str]) -> bool:
    """Whether the tables could be locked, until the transaction ends."""
    listed = SQL(", ").join(map(Identifier, sorted(tables)))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SQL("SET LOCAL lock_timeout = {}").format(PATIENCE))
            cursor.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(listed))
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError:
        return False
    return True


def _strip(table: str, constraints: list[tuple[str, ...]], indexes: list[tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, *_ in constraints:
            cursor.execute(SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(Identifier(table), Identifier(name)))
        for name, _ in indexes:
            cursor.execute(SQL("DROP INDEX {}").format(SQL(name)))


def _dress(table: str, constraints: list[tuple[str, ...]], indexes: list[tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        for name, definition, _ in constraints:
            cursor.execute(
                SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(Identifier(table), Identifier(name), SQL(definition))
            )
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute(SQL("ANALYZE {}").format(Identifier(table)))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
