"""What a kind of file becomes in the database: its columns, its checks, and the statements that write it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from psycopg.sql import SQL, Composable, Identifier

from loyalty.files.kinds import Kind

Mask = Any  # pyarrow's own types do not say what a kernel gives


@dataclass(frozen=True)
class Reference:
    """A row that must be known already, found by its `ref` among `rows` (SQL), which files of `kind` bring."""

    rows: str
    kind: str


@dataclass(frozen=True)
class Field:
    """A column of the database and its value, by the column `source` of the file.

    The value is that cell, or `default` where it is empty; the id of the row that the cell names, if there is a
    `reference`; or `expression`, any other SQL over `staged`, `known` and the field's own reference. Where the file
    lacks the column `source`, a known row keeps what it has.
    """

    column: str
    source: str
    default: str | None = None
    reference: Reference | None = None
    expression: str = ""

    @property
    def named(self) -> str:
        """What the row of the reference is called in statements."""
        return self.source.removesuffix("_ref")

    @property
    def value(self) -> str:
        """The value in SQL, over staged rows."""
        if self.expression:
            return self.expression
        if self.reference:
            return f"{self.named}.id"
        cell = f"staged.{self.source}"
        return cell if self.default is None else f"coalesce({cell}, '{self.default}')"


@dataclass(frozen=True)
class Check:
    """What is wrong with rows for which `fails` holds (SQL over `staged`, `known`, references), and in which cell.

    `finds` says the same of rows as they were read, of which none is known; a target that `is_appended` needs it.
    """

    column: str
    fails: str
    reason: str
    finds: Callable[[pa.Table], Mask] | None = None


@dataclass(frozen=True)
class Bar:
    """New rows that `concerns` (SQL over `staged`) are at fault if they refer to one of those who are barred.

    They refer by the column `source` of the file, and `barred` says which of some ids are. `finds` says of rows as they
    were read which are concerned.
    """

    source: str
    concerns: str
    finds: Callable[[pa.Table], Mask]
    barred: Callable[[Iterable[int]], set[int]]
    reason: str

    @property
    def check(self) -> Check:
        return Check(self.source, f"barred.id IS NOT NULL AND known.id IS NULL AND {self.concerns}", self.reason)


@dataclass(frozen=True)
class Target:
    """How a kind of file is written.

    `table` is the one that new rows go into first, and `known` selects `id` and every field's column of what the
    database has. Rows tell of the same thing when `key` is equal, and follow one another in `order`. One that is known
    with other content is an update, but is rejected with `fixed_reason` where `fixed` holds (SQL over the row, `again`,
    and `known`), which is everywhere if there are no `updates`. Where a target `is_appended`, a new row is its
    fields and nothing more, and a unique constraint of the table on the key finds rows that come again. A `bar` is held
    against each row that no check finds at fault.

    `inserts` read new rows from `fresh`, and `updates` changed ones from `changed`; both have a column per field, and
    `changed` the known row's `id`. `locks` come first. Statements may use %(by)s and %(at)s: who loads, and when.
    """

    kind: Kind
    table: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    known: Composable
    inserts: tuple[Composable, ...]
    updates: tuple[Composable, ...] = ()
    checks: tuple[Check, ...] = ()
    fixed: str = "true"
    fixed_reason: str = "is known already with other content, and what happened does not change: leave the row out"
    order: tuple[str, ...] = ("line",)
    locks: tuple[Composable, ...] = ()
    is_appended: bool = False
    bar: Bar | None = None

    def __post_init__(self) -> None:
        if self.is_appended and (unread := [check.column for check in self.checks if not check.finds]):
            raise ValueError(f"What is appended is checked as it was read: {', '.join(unread)} needs `finds`.")

    @property
    def columns(self) -> tuple[str, ...]:
        return columns_of(self.fields)

    def all_checks(self) -> tuple[Check, ...]:
        return (*self.checks_of_a_row(), *([self.bar.check] if self.bar else []))

    def checks_of_a_row(self) -> tuple[Check, ...]:
        """Those that ask nobody who is barred."""
        known = map(is_known, (field for field in self.fields if field.reference))
        return (*known, *self.checks)


def plain(name: str, *, source: str = "") -> Field:
    """A column that may be unknown."""
    return Field(name, source or name)


def text(name: str, *, source: str = "") -> Field:
    """Text, empty where it is unknown."""
    return Field(name, source or name, default="")


def otherwise(value: str, name: str, *, source: str = "") -> Field:
    """A column that is `value` (SQL) where the file does not say."""
    return Field(name, source or name, expression=f"coalesce(staged.{source or name}, {value})")


def entries(name: str) -> Field:
    """A list of texts."""
    return Field(name, name, expression=f"coalesce(string_to_array(staged.{name}, ';'), '{{}}')")


def one_of(rows: str, kind: str, *, named: str) -> Field:
    """The id of one of `rows` (SQL), which a file gives by `<named>_ref`."""
    return Field(f"{named}_id", f"{named}_ref", reference=Reference(rows, kind))


def of_one_table(table: str, fields: tuple[Field, ...], *, kind: Kind, key: tuple[str, ...], **more: Any) -> Target:
    """A target that is one table, whose known rows never change unless `more` says when they are `fixed`."""
    columns = columns_of(fields)
    known = SQL("SELECT id, {} FROM {}").format(listed(columns), Identifier(table))
    updates = (update(table, columns),) if "fixed" in more else ()
    written = {"inserts": (insert(table, columns),), "updates": updates}
    is_appended = not more and not any(field.expression for field in fields)
    return Target(kind, table, fields, key, known, is_appended=is_appended, **(written | more))


def insert(table: str, columns: Sequence[str]) -> Composable:
    statement = SQL("INSERT INTO {0} ({1}) SELECT {1} FROM fresh ORDER BY line")
    return statement.format(Identifier(table), listed(columns))


def update(table: str, columns: Sequence[str]) -> Composable:
    statement = SQL("UPDATE {0} SET {1} FROM changed WHERE {0}.id = changed.id")
    return statement.format(Identifier(table), assigned(columns))


def assigned(columns: Sequence[str]) -> Composable:
    return SQL(", ").join(SQL("{0} = changed.{0}").format(Identifier(column)) for column in columns)


def columns_of(fields: Sequence[Field]) -> tuple[str, ...]:
    return tuple(field.column for field in fields)


def listed(columns: Sequence[str]) -> Composable:
    return SQL(", ").join(map(Identifier, columns))


def is_known(field: Field) -> Check:
    """That a row of the field's reference is there where a cell names one."""
    assert field.reference
    fails = f"staged.{field.source} IS NOT NULL AND {field.value} IS NULL"
    return Check(field.source, fails, f"is not known: load the {field.reference.kind} first")
