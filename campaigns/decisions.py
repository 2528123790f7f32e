"""The decision log and its only writer. Rows are never edited; a correction would be a new run."""

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np
from django.db import connection

from campaigns.models import Decision, Run
from campaigns.models.decision import HELD_OUT, TREATED
from campaigns.plan import Plan

COLUMNS = "run_id, member_id, arm, held_out, run_offer_id, score, probability, at"


def log(run: Run, plan: Plan, *, at: dt.datetime) -> None:
    """Write one row per member of the plan (or a slice of it), by COPY."""
    run_offers = list(run.offers.order_by("position").values_list("pk", flat=True))
    with connection.cursor() as cursor, cursor.copy(f"COPY {Decision._meta.db_table} ({COLUMNS}) FROM STDIN") as copy:
        for row in _rows(run, plan, run_offers, at):
            copy.write_row(row)


def _rows(run: Run, plan: Plan, run_offers: Sequence[int], at: dt.datetime) -> Iterator[tuple[object, ...]]:
    columns = (plan.member_ids, plan.held_out, plan.offer[:, 0], plan.score[:, 0], plan.probability[:, 0])
    for member, held_out, offer, score, probability in zip(*(column.tolist() for column in columns), strict=True):
        arm = HELD_OUT if held_out else TREATED
        run_offer = None if offer < 0 else run_offers[offer]
        yield run.pk, member, arm, held_out, run_offer, score, probability, at


def members_with_an_offer(run: Run) -> np.ndarray:
    """Ids, ascending, of the members whom the run gives something."""
    given = run.decisions.filter(run_offer__isnull=False).order_by("member_id")
    return np.fromiter(given.values_list("member_id", flat=True).iterator(), dtype=np.int64)
