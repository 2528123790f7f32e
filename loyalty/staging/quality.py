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

COMES_AGAIN = "with the same reference as a row before"
LAST_COUNTS = f"{COMES_AGAIN}: the last one counts"

_REFUSED = SQL("judged JOIN compared USING (line) WHERE is_refused")


class Quality(NamedTuple):
    """Rows that look wrong, by what is wrong, and the sums of each money column.

    `read` adds up all rows of the file whose amount can be read, and each of these is one of `kept` (written), `known`
    (already) and `rejected`; `found` is what the database has for the file. `unread` counts the rejected rows whose
    amount cannot be read.
    """

    suspicious: dict[str, int]
    read: Sums
    kept: Sums
    known: Sums
    rejected: Sums
    found: Sums
    unread: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        sides = ("read", "kept", "known", "rejected", "found")
        sums = {
            name: {side: str(getattr(self, side)[name]) for side in sides} | {"unread": self.unread[name]}
            for name in self.read
        }
        return {"suspicious": self.suspicious, "sums": sums}


class Inspection:
    """Looks at a file's rows on their way; money is added up where rows are only ever added."""

    def __init__(self, target: Target, at: dt.datetime) -> None:
        self._target, self._at = target, at
        self._money = [column.name for column in target.kind.columns if column.type == "money" and target.is_appended]
        self._last_id = 0
        self._suspicious: Counter[str] = Counter()
        self._unread: Counter[str] = Counter()
        self._read: Sums = {}
        self._kept, self._known, self._rejected = (dict.fromkeys(self._money, NOTHING) for _ in range(3))

    def begin(self) -> None:
        """From here on whatever comes into the table is this file's: call it when nobody else may write there."""
        if self._money:
            with connection.cursor() as cursor:
                cursor.execute(SQL("SELECT coalesce(max(id), 0) FROM {}").format(Identifier(self._target.table)))
                (self._last_id,) = cursor.fetchone()

    def see(self, block: Block) -> None:
        """The rows of a block as it was read."""
        self._suspicious += suspicions.count(self._target.kind.name, block.table, self._at)
        _add(block.table, self._read, self._money)
        if block.left_out:
            _add(block.left_out, self._read, self._money)
            _add(block.left_out, self._rejected, self._money)
        for name in block.table.column_names:
            self._unread[name] += block.unread.get(name, 0) + block.unplaced

    def see_again(self, repeated: int) -> None:
        """So many rows tell of the same thing as one before them in the file."""
        if repeated:
            self._suspicious[LAST_COUNTS if self._target.updates else COMES_AGAIN] = repeated

    def reject(self, rows: pa.Table) -> None:
        """Rows that are left out for what the database knows."""
        _add(rows, self._rejected, self._money)

    def keep(self, rows: pa.Table) -> None:
        """Rows that are written as they are."""
        _add(rows, self._kept, self._money)

    def keep_judged(self, *, refused: int) -> None:
        """The rows that were staged, once they are merged; so many of them were `refused` as they were compared."""
        if not self._money:
            return
        self._kept = self._asked(SQL("fresh"))
        again, faulty = self._asked(SQL("again")), self._asked(SQL("judged WHERE fault IS NOT NULL"))
        held_back = self._asked(_REFUSED) if refused else dict.fromkeys(self._money, NOTHING)
        for name in self._money:
            self._known[name] = again[name] - held_back[name]
            self._rejected[name] += held_back[name] + faulty[name]

    def outcome(self) -> Quality:
        """What was found, once all rows are written."""
        new = SQL("{} WHERE id > {}").format(Identifier(self._target.table), Literal(self._last_id))
        return Quality(
            dict(self._suspicious),
            self._read,
            kept=self._kept,
            known=self._known,
            rejected=self._rejected,
            found=self._asked(new),
            unread=self._unread,
        )

    def _asked(self, rows: Composable) -> Sums:
        """The sums of the money columns over some rows."""
        if not self._money:
            return {}
        sums = SQL(", ").join(SQL("coalesce(sum({}), 0)").format(Identifier(name)) for name in self._money)
        with connection.cursor() as cursor:
            cursor.execute(SQL("SELECT {} FROM {}").format(sums, rows))
            return dict(zip(self._money, cursor.fetchone(), strict=True))


def _add(rows: pa.Table, sums: Sums, money: list[str]) -> None:
    for name in money:
        if name in rows.column_names:
            sums[name] = sums.get(name, NOTHING) + (pc.sum(rows[name]).as_py() or 0)
