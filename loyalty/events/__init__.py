"""Takes in what members do, as it happens: a batch of events that a machine sends.

A row is read and held against what is known by the rules of the events file. One more holds at this door: it happened
lately.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from loyalty.events import batches
from loyalty.events import rows as reading
from loyalty.events.batches import Judgement
from loyalty.events.rules import BAR, CHECKS
from loyalty.files import kinds
from loyalty.intake.events import EVENTS
from loyalty.staging.target import Check

MOST = 1_000
AHEAD, BEHIND = dt.timedelta(minutes=10), dt.timedelta(days=400)
PATIENCE = "4s"

CONFLICT = "is known already with other content, and what happened does not change"

LIVE = replace(
    EVENTS,
    is_appended=False,  # what a machine sends never goes straight in, but is judged in its statement
    bar=BAR,
    checks=(
        *EVENTS.checks,
        *CHECKS,
        Check("at", "staged.at > %(latest)s", "lies in the future: set the clock of the machine that sends"),
        Check("at", "staged.at < %(earliest)s", f"is over {BEHIND.days} days ago: bring events so old in by a file"),
    ),
)


class Refusal(NamedTuple):
    """Why a row was not taken in: its place in the batch, the field at fault, a code for programs, and a sentence."""

    position: int
    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class Taken:
    """What became of a batch: sent = accepted + known + refused rows."""

    sent: int
    accepted: int
    known: int
    refusals: tuple[Refusal, ...]


def take_in(rows: Sequence[object], *, at: dt.datetime) -> Taken:
    """Add the events that are new and in order, all in one transaction; `at` is the moment they arrive.

    A row that comes again with the same content is known, and one with other content is refused, within the batch as
    well. Raises OperationalError if the table is locked for longer than `PATIENCE`: nothing was added then.
    """
    block = reading.read(rows, kinds.EVENTS)
    faults = [_invalid(reject.line, reject.column, reject.reason) for reject in block.rejects]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        accepted, judged = _written(block.table, {"latest": at + AHEAD, "earliest": at - BEHIND})
    refused = [refusal for line, each in judged.items() if (refusal := _refusal(line, each))]
    return Taken(
        sent=len(rows),
        accepted=accepted,
        known=len(judged) - len(refused),
        refusals=tuple(sorted(faults + refused)),
    )


def _written(rows: pa.Table, parameters: dict[str, Any]) -> tuple[int, dict[int, Judgement]]:
    """The number of rows added, and the judgement of each other one."""
    judged = batches.judge(LIVE, rows, parameters)
    new = [line for line, each in judged.items() if each.is_new]
    added = batches.add(LIVE, rows, new, parameters)
    first_lines = _first_lines(rows, new, added)
    again = pc.is_in(rows["line"], pa.array(set(new) - first_lines, pa.int64()))
    judged |= batches.judge(LIVE, rows.filter(again), parameters)
    return len(added), {line: each for line, each in judged.items() if line not in first_lines}


def _first_lines(rows: pa.Table, lines: Sequence[int], added: set[tuple[Any, ...]]) -> set[int]:
    """The lines by which keys were added."""
    wanted, refs = set(lines), zip(rows["line"].to_pylist(), rows["event_ref"].to_pylist(), strict=True)
    first: dict[str, int] = {}
    for line, ref in refs:
        if line in wanted and (ref,) in added:
            first.setdefault(ref, line)
    return set(first.values())


def _refusal(line: int, judged: Judgement) -> Refusal | None:
    if judged.is_known:
        return Refusal(line, "event_ref", "conflict", f"event_ref {CONFLICT}.") if judged.differs else None
    assert judged.fault, "a row without a fault is added or known"
    field, reason = judged.fault.column, judged.fault.reason
    return Refusal(line, field, _code(judged.fault), f"{field} {reason}.")


def _code(fault: Check) -> str:
    if fault == BAR.check:
        return "purpose"
    return "invalid" if fault in LIVE.checks else "unknown"


def _invalid(line: int, field: str, reason: str) -> Refusal:
    return Refusal(line, field, "invalid", f"{field or 'This'} {reason}.")
