"""Finds who is barred among those that staged rows refer to."""

from collections.abc import Iterator

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier

from loyalty.staging.target import Bar, Target

AT_ONCE = 50_000

_CREATE = "CREATE TEMP TABLE barred (id bigint PRIMARY KEY) ON COMMIT DROP"
_ADD = "INSERT INTO barred SELECT unnest(%s::bigint[])"
# Once for all parts: the staged rows may be many more than those whom they concern.
_FIND_CONCERNED = SQL("""
    CREATE TEMP TABLE concerned ON COMMIT DROP AS
    SELECT DISTINCT named.id FROM staged JOIN {rows} named ON named.ref = staged.{source} WHERE {concerns}
""")
_IN_ORDER = "CREATE UNIQUE INDEX ON concerned (id)"
_NEXT = "SELECT id FROM concerned WHERE id > %s ORDER BY id LIMIT %s"


def find(target: Target, bar: Bar) -> None:
    """Make the table `barred` of those whom the staged rows concern, a part of them at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        for ids in _concerned(target, bar):
            cursor.execute(_ADD, [list(bar.barred(ids))])
        cursor.execute("ANALYZE barred")


def joined(bar: Bar) -> Composable:
    """The join that `Bar.check` needs."""
    return SQL("LEFT JOIN barred ON barred.id = {}.id").format(Identifier(bar.source.removesuffix("_ref")))


def _concerned(target: Target, bar: Bar) -> Iterator[list[int]]:
    rows = next(field.reference.rows for field in target.fields if field.source == bar.source and field.reference)
    found = _FIND_CONCERNED.format(rows=SQL(rows), source=Identifier(bar.source), concerns=SQL(bar.concerns))
    with connection.cursor() as cursor:
        cursor.execute(found)
        cursor.execute(_IN_ORDER)
        cursor.execute("ANALYZE concerned")
    last = 0
    while ids := _after(last):
        yield ids
        last = ids[-1]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE concerned")


def _after(last: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [last, AT_ONCE])
        return [found for (found,) in cursor]
