"""Judges staged rows: which are at fault, which are new, and which are known or come a second time."""

from collections.abc import Collection, Iterator

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from loyalty.files.refusal import Reject, quoted
from loyalty.staging import barring
from loyalty.staging.target import Check, Field, Target, listed

# A row comes again when its key is known, or when another valid row of the file with the same key comes before it.
_JUDGE = SQL("""
    CREATE TEMP TABLE judged ON COMMIT DROP AS
    SELECT staged.line, {values}, {fault} AS fault, known.id IS NOT NULL AS again
    FROM staged {references} LEFT JOIN ({known}) known ON {same_key} {barred}
""")
_FIND_REPEATED = SQL("""
    UPDATE judged SET again = true
    FROM (
        SELECT line, row_number() OVER (PARTITION BY {key} ORDER BY {order}) AS place
        FROM judged
        JOIN (SELECT {key} FROM judged WHERE fault IS NULL GROUP BY {key} HAVING count(*) > 1) repeated USING ({key})
        WHERE fault IS NULL
    ) places
    WHERE judged.line = places.line AND place > 1
""")
_VIEWS = SQL("""
    CREATE TEMP VIEW fresh AS SELECT * FROM judged WHERE fault IS NULL AND NOT again;
    CREATE TEMP VIEW again AS SELECT * FROM judged WHERE fault IS NULL AND again;
""")
_FAULTY = SQL("""
    COPY (
        SELECT line, fault, CASE fault {cells} END FROM judged JOIN staged USING (line)
        WHERE fault IS NOT NULL ORDER BY line
    ) TO STDOUT
""")


def judge(target: Target, *, present: Collection[str]) -> int:
    """Make the table `judged` of `staged`, and the views `fresh` and `again` of its rows without a fault.

    `present` are the columns that the file has. Returns how many rows tell of the same thing as one before them.
    """
    key, order = listed(target.key), listed(target.order)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged")
        if target.bar:
            barring.find(target, target.bar)
        cursor.execute(_judgement(target, present))
        cursor.execute(_FIND_REPEATED.format(key=key, order=order))
        repeated = int(cursor.rowcount)
        cursor.execute("ANALYZE judged")
        cursor.execute(_VIEWS)
    return repeated


def rejects(target: Target) -> Iterator[Reject]:
    """The rows at fault, in the order of the file."""
    checks = target.all_checks()
    if not checks:
        return
    cells = SQL(" ").join(
        SQL("WHEN {} THEN staged.{}::text").format(Literal(number), Identifier(check.column))
        for number, check in enumerate(checks)
    )
    with connection.cursor() as cursor, cursor.copy(_FAULTY.format(cells=cells)) as copy:
        for line, fault, value in copy.rows():
            check = checks[int(fault)]
            yield Reject(int(line), check.column, quoted(value or ""), check.reason)


def _judgement(target: Target, present: Collection[str]) -> Composable:
    fields = target.fields
    values = {field.column: _value(field, present) for field in fields}
    return _JUDGE.format(
        values=SQL(", ").join(SQL("{} AS {}").format(value, Identifier(name)) for name, value in values.items()),
        fault=_fault(target.all_checks()),
        references=SQL(" ").join(_join(field) for field in fields if field.reference),
        known=target.known,
        same_key=SQL(" AND ").join(
            SQL("known.{} = {}").format(Identifier(field.column), SQL(field.value))
            for field in fields
            if field.column in target.key
        ),
        barred=barring.joined(target.bar) if target.bar else SQL(""),
    )


def _value(field: Field, present: Collection[str]) -> Composable:
    if field.source in present:
        return SQL(field.value)
    kept = SQL("CASE WHEN known.id IS NULL THEN {} ELSE known.{} END")
    return kept.format(SQL(field.value), Identifier(field.column))


def _fault(checks: tuple[Check, ...]) -> Composable:
    cases = [SQL("WHEN {} THEN {}").format(SQL(check.fails), Literal(number)) for number, check in enumerate(checks)]
    return SQL("CASE {} END").format(SQL(" ").join(cases)) if cases else SQL("NULL::integer")


def _join(field: Field) -> Composable:
    assert field.reference
    alias = Identifier(field.named)
    return SQL("LEFT JOIN {} {} ON {}.ref = staged.{}").format(
        SQL(field.reference.rows), alias, alias, Identifier(field.source)
    )
