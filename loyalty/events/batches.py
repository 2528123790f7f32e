"""A few rows that came without a file: judged and added by a target's own rules, in one statement each.

A file goes through temporary tables, one after the other of its kind (`staging`). What a machine sends must neither
wait for a file that is being loaded nor leave a table behind each time, so its rows travel in the statements.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.types as pt
from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal, Placeholder

from loyalty.staging.target import Bar, Check, Field, Target, listed

_ROWS = SQL("unnest({arrays}) AS staged ({names}) {references}")
_JUDGE = SQL("""
    SELECT staged.line, {fault}, known.id IS NOT NULL, ROW({values}) IS DISTINCT FROM ROW({known_values}), {ids}
    FROM {rows} LEFT JOIN ({known}) known ON {same_key}
""")
# In the order of the key, so that two batches with the same keys wait for one another and not crosswise.
_ADD = SQL("""
    INSERT INTO {table} ({columns}) SELECT {values} FROM {rows} WHERE staged.line = ANY (%(lines)s)
    ORDER BY {key}, staged.line ON CONFLICT ({columns_of_key}) DO NOTHING RETURNING {columns_of_key}
""")


class Judgement(NamedTuple):
    """What is wrong with a row, if anything, whether its thing is known already, with the same content, and `ids`.

    Those are of the rows that its references name, by the columns they go into.
    """

    fault: Check | None
    is_known: bool
    differs: bool
    ids: Mapping[str, int | None]

    @property
    def is_new(self) -> bool:
        return not self.fault and not self.is_known


def judge(target: Target, rows: pa.Table, parameters: Mapping[str, Any]) -> dict[int, Judgement]:
    """Each row's judgement by its `line`; rows of one batch are not held against each other."""
    if not rows.num_rows:
        return {}
    judged = _judged(target, rows, parameters)
    return judged | _barred(target.bar, target, rows, judged) if target.bar else judged


def _judged(target: Target, rows: pa.Table, parameters: Mapping[str, Any]) -> dict[int, Judgement]:
    """By the checks of a row."""
    references = [field for field in target.fields if field.reference]
    statement = _JUDGE.format(
        ids=_values(references),
        fault=_fault(target.checks_of_a_row()),
        values=_values(target.fields),
        known_values=SQL(", ").join(Identifier("known", column) for column in target.columns),
        rows=_rows(target, rows),
        known=target.known,
        same_key=SQL(" AND ").join(
            SQL("{} = {}").format(Identifier("known", field.column), SQL(field.value)) for field in _key(target)
        ),
    )
    checks = target.checks_of_a_row()
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **_arrays(rows)})
        return {
            line: Judgement(
                None if fault is None else checks[fault],
                is_known,
                differs,
                {field.column: found for field, found in zip(references, ids, strict=True)},
            )
            for line, fault, is_known, differs, *ids in cursor
        }


def _barred(bar: Bar, target: Target, rows: pa.Table, judged: Mapping[int, Judgement]) -> dict[int, Judgement]:
    """The new rows that refer to one of those who are barred, with that as their fault."""
    column = next(field.column for field in target.fields if field.source == bar.source and field.reference)
    concerned = rows.filter(bar.finds(rows))["line"].to_pylist()
    refers = {line: judged[line].ids[column] for line in concerned if judged[line].is_new}
    barred = bar.barred(named for named in refers.values() if named)
    return {line: judged[line]._replace(fault=bar.check) for line, named in refers.items() if named in barred}


def add(target: Target, rows: pa.Table, lines: Collection[int], parameters: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    """Add these lines, unless their key is known by now; returns the keys that were added, each for its first line."""
    if not lines:
        return set()
    statement = _ADD.format(
        table=Identifier(target.table),
        columns=listed(target.columns),
        values=_values(target.fields),
        rows=_rows(target, rows),
        key=_values(_key(target)),
        columns_of_key=listed(target.key),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **_arrays(rows), "lines": list(lines)})
        return set(cursor.fetchall())


def _rows(target: Target, rows: pa.Table) -> Composable:
    arrays = (SQL("{}::{}[]").format(Placeholder(name), SQL(_type(rows[name].type))) for name in rows.column_names)
    return _ROWS.format(
        arrays=SQL(", ").join(arrays),
        names=listed(rows.column_names),
        references=SQL(" ").join(_join(field) for field in target.fields if field.reference),
    )


def _arrays(rows: pa.Table) -> dict[str, list[Any]]:
    return {name: rows[name].to_pylist() for name in rows.column_names}


def _type(of: pa.DataType) -> str:
    if pt.is_timestamp(of):
        return "timestamptz"
    if pt.is_floating(of):
        return "double precision"
    return "bigint" if pt.is_integer(of) else "text"


def _join(field: Field) -> Composable:
    assert field.reference
    joined = SQL("LEFT JOIN {} {} ON {} = {}")
    alias = Identifier(field.named)
    ref, named = Identifier(field.named, "ref"), Identifier("staged", field.source)
    return joined.format(SQL(field.reference.rows), alias, ref, named)


def _values(fields: Iterable[Field]) -> Composable:
    return SQL(", ").join(SQL(field.value) for field in fields)


def _key(target: Target) -> Iterator[Field]:
    return (field for field in target.fields if field.column in target.key)


def _fault(checks: tuple[Check, ...]) -> Composable:
    cases = (SQL("WHEN {} THEN {}").format(SQL(check.fails), Literal(place)) for place, check in enumerate(checks))
    return SQL("CASE {} END").format(SQL(" ").join(cases))
