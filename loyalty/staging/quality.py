"""What a load is told of its file's quality: rows that look wrong, and whether the money adds up to the last cent."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from loyalty.files import suspicions
from loyalty.files.blocks import Block
from loyalty.staging.target import Target

Sums = dict[str, Decimal]
NOTHING = Decimal("0.0000")


class Quality(NamedTuple):
    """Rows that look wrong, by what is wrong, and the sums of each money column.

    `read` adds up the file's readable rows, `kept` those that were written and `found` those that are in the database
    for it; what was read and not kept was rejected or known already.
    """

    suspicious: dict[str, int]
    read: Sums
    kept: Sums
    found: Sums

    def as_json(self) -> dict[str, Any]:
        sides = {"read": self.read, "kept": self.kept, "found": self.found}
        sums = {name: {side: str(sums[name]) for side, sums in sides.items()} for name in self.read}
        return {"suspicious": self.suspicious, "sums": sums}


class Inspection:
    """Looks at a file's rows on their way; money is added up where rows are only ever added."""

    def __init__(self, target: Target, at: dt.datetime) -> None:
        self._target, self._at = target, at
        self._money = [column.name for column in target.kind.columns if column.type == "money" and target.is_appended]
        self._last_id = 0
        self._suspicious: Counter[str] = Counter()
        self._read: Sums = {}
        self._kept: Sums = dict.fromkeys(self._money, NOTHING)

    def begin(self) -> None:
        """From here on whatever comes into the table is this file's: call it when nobody else may write there."""
        if self._money:
            with connection.cursor() as cursor:
                cursor.execute(SQL("SELECT coalesce(max(id), 0) FROM {}").format(Identifier(self._target.table)))
                (self._last_id,) = cursor.fetchone()

    def see(self, block: Block) -> None:
        """The rows of a block that could be read."""
        self._suspicious += suspicions.count(self._target.kind.name, block.table, self._at)
        self._add(block.table, self._read)

    def keep(self, rows: pa.Table) -> None:
        """Rows that are written as they are."""
        self._add(rows, self._kept)

    def keep_fresh(self) -> None:
        """The rows that were judged fresh."""
        self._kept.update(self._asked(SQL("fresh")))

    def outcome(self) -> Quality:
        """What was found, once all rows are written."""
        new = SQL("{} WHERE id > {}").format(Identifier(self._target.table), Literal(self._last_id))
        found = self._asked(new)
        return Quality(
            dict(self._suspicious),
            self._read,
            kept={name: self._kept[name] for name in self._read},
            found={name: found[name] for name in self._read},
        )

    def _add(self, rows: pa.Table, sums: Sums) -> None:
        for name in self._money:
            if name in rows.column_names:
                sums[name] = sums.get(name, NOTHING) + (pc.sum(rows[name]).as_py() or 0)

    def _asked(self, rows: Composable) -> Sums:
        """The sums of the money columns over some rows."""
        if not self._money:
            return {}
        sums = SQL(", ").join(SQL("coalesce(sum({}), 0)").format(Identifier(name)) for name in self._money)
        with connection.cursor() as cursor:
            cursor.execute(SQL("SELECT {} FROM {}").format(sums, rows))
            return dict(zip(self._money, cursor.fetchone(), strict=True))
