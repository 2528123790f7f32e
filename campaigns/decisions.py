"""The decision log and its only writer. Rows are never edited; a correction would be a new run.

A run's decisions come into a table of their own, without an index, by binary COPY: whoever has a chunk writes its part.
Once all are there the table is indexed, checked and made the run's partition of the log, and nothing comes in any more.
"""

import datetime as dt
from collections.abc import Iterator

import numpy as np
from django.db import connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from campaigns.assignment.holdout import Arm
from campaigns.models import Decision, Run
from campaigns.models.decision import HELD_OUT, TREATED, UNIVERSAL
from campaigns.plan import Plan
from loyalty import copying
from loyalty.refusal import Refused

LOG = Identifier(Decision._meta.db_table)

# What must hold of each row is checked when it is closed, in one scan, and not as it comes in.
OPEN = SQL("""
    CREATE TABLE {table} (LIKE {log} INCLUDING DEFAULTS);
    ALTER TABLE {table} ALTER run_id SET DEFAULT {run}, ALTER arm SET DEFAULT {treated},
        ALTER held_out SET DEFAULT false, ALTER at SET DEFAULT {at}
""")
INDEX = SQL("""
    SET LOCAL maintenance_work_mem = '512MB';
    SET LOCAL max_parallel_maintenance_workers = 4;
    SET LOCAL max_parallel_workers_per_gather = 4;
    ALTER TABLE {table} ADD CONSTRAINT {key} UNIQUE (member_id, run_id, rank, held_out);
    ANALYZE {table}
""")
RULES = (
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass(%s) AND contype = 'c'"
)
RULED = SQL("""
    ALTER TABLE {table} ADD CONSTRAINT {own} CHECK (run_id = {run} AND held_out = (arm IN ({held_out}, {universal}))),
        {rules}
""")
COUNTS = SQL("""
    SELECT count(*), count(*) FILTER (WHERE held_out AND rank = 0),
           count(*) FILTER (WHERE coalesce(run_offer_id, withheld_id) <> ALL (%(offers)s)),
           count(*) FILTER (WHERE member.id IS NULL)
    FROM {table} decision LEFT JOIN loyalty_member member ON member.id = decision.member_id
""")
BOTH_ARMS = SQL("""
    SELECT count(*) FROM {table} one JOIN {table} other USING (member_id) WHERE one.held_out AND NOT other.held_out
""")
# A delivery that is being recorded looks into the log: with its table locked first, neither waits for the other.
CLOSE = SQL("""
    SET CONSTRAINTS ALL IMMEDIATE;
    CREATE TRIGGER {complete} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_more_decisions();
    LOCK TABLE campaigns_delivery IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE {log} ATTACH PARTITION {table} FOR VALUES IN ({run})
""")
DISCARD = SQL("DROP TABLE IF EXISTS {table}")
IS_CLOSED = "SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(%s))"


def begin(run: Run, *, at: dt.datetime) -> None:
    """Make room for the decisions of a run, which are all taken at one moment."""
    _execute(_sql(OPEN, run, treated=Literal(TREATED), at=Literal(at)))


def log(run: Run, plan: Plan) -> None:
    """Write the decisions of the plan, or of a slice of it, by COPY: in the transaction that says that it is done."""
    for columns in rows(run, plan):
        copying.write(_table(run), columns)


def close(run: Run, plan: Plan) -> None:
    """Index the run's decisions, check them against their plan, and make them a part of the log.

    Refused where they are not what was planned, a member is gone, or an arm is not clear: then nothing of it counts.
    """
    _execute(_sql(INDEX, run, key=Identifier(f"decision_of_run_{run.pk}")))
    arms = {"held_out": Literal(HELD_OUT), "universal": Literal(UNIVERSAL)}
    _execute(_sql(RULED, run, own=Identifier(f"of_run_{run.pk}"), rules=_rules(), **arms))
    _check(run, plan)
    _execute(_sql(CLOSE, run, complete=Identifier(f"decisions_of_run_{run.pk}_are_complete")))


def discard(run: Run) -> None:
    """Forget what was written of a run that will not be carried out, unless it is a part of the log."""
    with connection.cursor() as cursor:
        cursor.execute(IS_CLOSED, [_table(run)])
        if not cursor.fetchone()[0]:
            cursor.execute(_sql(DISCARD, run))


def _check(run: Run, plan: Plan) -> None:
    offers = list(run.offers.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_sql(COUNTS, run), {"offers": offers})
        found, held_out, foreign, gone = cursor.fetchone()
        cursor.execute(_sql(BOTH_ARMS, run))
        (unclear,) = cursor.fetchone()
    if gone:
        raise Refused(
            f"{gone:,} members of the profiles are gone from the record: build new profiles, then launch again."
        )
    planned = (plan.decisions, int(np.count_nonzero(plan.held_out)), 0, 0)
    if (found, held_out, foreign, unclear) != planned:
        raise Refused(f"{found:,} decisions were written where {planned[0]:,} were planned: launch again.")


def rows(run: Run, plan: Plan) -> Iterator[dict[str, np.ndarray]]:
    """The columns of what is given by the policy and by chance, and withheld from each holdout; of each, of those for
    whom there is something and of those for whom there is nothing.

    What is left out is the default.
    """
    run_offers = np.array([*run.offers.order_by("position").values_list("pk", flat=True)], dtype=np.int64)
    treated = plan.arm == Arm.TREATED
    yield from _of(plan, treated & ~plan.explored, run_offers, {})
    yield from _of(plan, np.asarray(plan.explored), run_offers, {"explored": np.True_})
    yield from _of(plan, plan.arm == Arm.GENERIC, run_offers, {"arm": np.bytes_(Arm.GENERIC.label)})
    for arm in (Arm.HELD_OUT, Arm.UNIVERSAL):
        alike = {"arm": np.bytes_(arm.label), "held_out": np.True_}
        yield from _of(plan, plan.arm == arm, run_offers, alike)


def _of(
    plan: Plan, members: np.ndarray, run_offers: np.ndarray, alike: dict[str, np.generic]
) -> Iterator[dict[str, np.ndarray]]:
    """Of these members (n,): one row for each offer, and one for each who has none; `alike` is the same in all rows."""
    if not members.any():
        return
    offers, column = (plan.withheld, "withheld_id") if "held_out" in alike else (plan.offer, "run_offer_id")
    member, rank = np.nonzero((offers >= 0) & members[:, None])
    several = {"rank": rank.astype(np.int16)} if offers.shape[1] > 1 else {}
    given = {**several, column: run_offers[offers[member, rank]]}
    yield _columns(plan, member, rank, alike) | given
    nothing = np.flatnonzero(members & (offers[:, 0] < 0))
    yield _columns(plan, nothing, np.zeros(len(nothing), dtype=np.intp), alike)


def _columns(plan: Plan, member: np.ndarray, rank: np.ndarray, alike: dict[str, np.generic]) -> dict[str, np.ndarray]:
    return {
        "member_id": plan.member_ids[member],
        "score": plan.score[member, rank].astype(np.float64),
        "probability": plan.probability[member, rank],
        **{name: np.full(len(member), value) for name, value in alike.items()},
    }


def _rules() -> Composed:
    """What must hold of each row of the log, which a partition of it has to say by the same names."""
    with connection.cursor() as cursor:
        cursor.execute(RULES, [Decision._meta.db_table])
        found = [SQL("ADD CONSTRAINT {} ").format(Identifier(name)) + SQL(rule) for name, rule in cursor.fetchall()]
    return SQL(", ").join(found)


def _table(run: Run) -> str:
    return f"{Decision._meta.db_table}_{run.pk}"


def _sql(template: SQL, run: Run, **parts: Identifier | Literal | Composed) -> Composed:
    return template.format(table=Identifier(_table(run)), log=LOG, run=Literal(run.pk), **parts)


def _execute(statements: Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)
