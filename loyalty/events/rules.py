"""What holds for an event by whatever door it comes: it has what its kind needs, its value can be, it may be kept.

Consent is asked when the event arrives, whenever it happened: what was seen yesterday cannot be kept for a purpose
refused this morning. What was kept before stays.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from loyalty import consent
from loyalty.events.meanings import KINDS, MOST
from loyalty.intake.events import EVENTS
from loyalty.staging.target import Bar, Check, Mask

NEEDED = "is needed for an event of this kind"
NO_PURPOSE = "is of a member who does not allow offers chosen for them, and there is no other reason to keep this event"


def _needs() -> Iterator[Check]:
    for column in dict.fromkeys(column for kind in KINDS.values() for column in kind.needs):
        kinds = [kind.name for kind in KINDS.values() if column in kind.needs]
        fails = f"staged.{column} IS NULL AND known.id IS NULL AND staged.kind = ANY ({_listed(kinds)})"
        yield Check(column, fails, NEEDED, partial(_lacking, column, pa.array(kinds)))


def _limits() -> Iterator[Check]:
    for unit, most in MOST.items():
        kinds = [kind.name for kind in KINDS.values() if kind.unit == unit]
        is_beyond = f"(staged.value < 0 OR staged.value > {most})"
        fails = f"{is_beyond} AND known.id IS NULL AND staged.kind = ANY ({_listed(kinds)})"
        reason = f"is not between 0 and {most:,} {unit}, which it tells for an event of this kind"
        yield Check("value", fails, reason, partial(_beyond, most, pa.array(kinds)))


def _beyond(most: int, kinds: pa.Array, rows: pa.Table) -> Mask:
    if "value" not in rows.column_names:
        return pa.repeat(False, rows.num_rows)  # noqa: FBT003 - a value
    is_beyond = pc.or_(pc.less(rows["value"], 0), pc.greater(rows["value"], most))
    return pc.and_(pc.fill_null(is_beyond, fill_value=False), pc.is_in(rows["kind"], kinds))


def _listed(names: list[str]) -> str:
    return f"'{{{','.join(names)}}}'"


def _lacking(column: str, kinds: pa.Array, rows: pa.Table) -> Mask:
    is_of_these = pc.is_in(rows["kind"], kinds)
    return pc.and_(is_of_these, pc.is_null(rows[column])) if column in rows.column_names else is_of_these


def _is_for_offers(rows: pa.Table) -> Mask:
    return pc.invert(pc.is_in(rows["kind"], pa.array(_SERVE_MEMBERS)))


CHECKS = (*_needs(), *_limits())
_SERVE_MEMBERS = [kind.name for kind in KINDS.values() if kind.serves_member]
_FOR_OFFERS = f"staged.kind <> ALL ({_listed(_SERVE_MEMBERS)})"

BAR = Bar("member_ref", _FOR_OFFERS, _is_for_offers, consent.objecting, NO_PURPOSE)

FILED = replace(EVENTS, checks=CHECKS, bar=BAR)
