"""The features that PostgreSQL can compute by one GROUP BY over purchase lines, as it does it best."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from django.conf import settings
from django.db import connection

from config.bench.purchase_lines import AS_OF, VOCABULARIES
from loyalty import copying
from loyalty.profiling import affinity, departments, habits
from loyalty.profiling.records import Lines
from loyalty.profiling.table import day_number

Columns = dict[str, np.ndarray]

TODAY = day_number(AS_OF)
DEPARTMENT = VOCABULARIES["department"]
DEPARTMENTS = range(len(DEPARTMENT))
LINE = {
    "member": "i4",
    "day": "i4",
    "hour": "i2",
    "basket": "i8",
    "department": "i2",
    "channel": "i2",
    "net_e4": "i8",
    "discount_e4": "i8",
}
TABLE = """
    CREATE UNLOGGED TABLE bench_line (
        member int, day int, hour smallint, basket bigint, department smallint, channel smallint,
        net_e4 bigint, discount_e4 bigint
    );
    CREATE UNLOGGED TABLE bench_weight (day int, weight float8);
    CREATE UNLOGGED TABLE bench_hour (first_hour smallint, daypart int)
"""
WEIGHT = """
    INSERT INTO bench_weight
    SELECT %(today)s - age, greatest(1, round(65536 * power(0.5::float8, age / 90.0::float8)))
    FROM generate_series(1, 800) age
"""
HOUR = "INSERT INTO bench_hour SELECT hour - 1, part FROM unnest(%(parts)s::int[]) WITH ORDINALITY AS of (part, hour)"
WINDOWS = (30, 90, 180, 365)
BY_WINDOW = departments.DAYS
DAYPARTS = range(habits.NO_DAYPART)
FILL = """
    INSERT INTO loyalty_product (id, ref, name, category, brand, flags)
    SELECT code, code, code, 'Department ' || code, '', '{}' FROM generate_series(1, 12) code;
    INSERT INTO loyalty_member (id, ref, tier, postcode, attributes)
    SELECT id, id, '', '', '{}' FROM generate_series(1, %(members)s) id;
    INSERT INTO loyalty_purchase (line_ref, basket_ref, member_id, product_id, channel, purchased_at, quantity,
                                  net_amount, discount_amount, offer_ref)
    SELECT row_number() OVER (), basket, member + 1, nullif(department + 1, 0),
           (ARRAY['store', 'online', 'app', 'phone'])[channel + 1],
           ('1970-01-01'::timestamp + make_interval(days => day, hours => hour)) AT TIME ZONE %(zone)s,
           1, net_e4 / 10000.0, discount_e4 / 10000.0, ''
    FROM bench_line
"""
# What a day of purchases adds is one row per basket; what a member comes to is one row of sums per member.
SUMS = {
    "recency": "coalesce((%(today)s - max(day) FILTER (WHERE net > 0))::float8, 'NaN')",
    **{f"baskets_{days}": f"count(*) FILTER (WHERE net > 0 AND age <= {days})" for days in WINDOWS},
    "baskets_total": "count(*) FILTER (WHERE net > 0)",
    **{f"spend_{days}": f"sum(net) FILTER (WHERE age <= {days})" for days in WINDOWS},
    "visits_365": "sum(net) FILTER (WHERE net > 0 AND age <= 365)",
    "visits": "sum(net) FILTER (WHERE net > 0)",
    "lines_365": "sum(lines) FILTER (WHERE net > 0 AND age <= 365)",
    "lines": "sum(lines) FILTER (WHERE net > 0)",
    "discount": "sum(discount) FILTER (WHERE age <= 365)",
    "store": "count(*) FILTER (WHERE net > 0 AND age <= 365 AND channel = 0)",
    "online": "count(*) FILTER (WHERE net > 0 AND age <= 365 AND channel IN (1, 2))",
    **{f"daypart_{part}": f"count(*) FILTER (WHERE net > 0 AND age <= 365 AND daypart = {part})" for part in DAYPARTS},
    **{f"weighted_{code}": f"sum(net_{code} * weight)" for code in DEPARTMENTS},
    **{
        f"spent_{days}_{code}": f"sum(net_{code}) FILTER (WHERE age <= {days})"
        for days in BY_WINDOW
        for code in DEPARTMENTS
    },
    **{
        f"bought_{days}_{code}": f"sum(lines_{code}) FILTER (WHERE age <= {days})"
        for days in BY_WINDOW
        for code in DEPARTMENTS
    },
}
# Sums in float8 are exact here, and far faster than those of bigint, which PostgreSQL makes numeric.
PER_DEPARTMENT = ", ".join(
    f"sum(net_e4::float8) FILTER (WHERE department = {code}) net_{code}, "
    f"count(*) FILTER (WHERE department = {code} AND net_e4 > 0) lines_{code}"
    for code in DEPARTMENTS
)
GROUP_BY = f"""
    WITH basket AS (
        SELECT member, day, max(channel) channel, count(*) lines, min(hour) first_hour,
               sum(net_e4::float8) net, sum(discount_e4::float8) discount, {PER_DEPARTMENT}
        FROM bench_line GROUP BY member, day, basket
    ), aged AS (
        SELECT basket.*, weight, %(today)s - day AS age, daypart
        FROM basket JOIN bench_weight USING (day) JOIN bench_hour USING (first_hour)
    )
    SELECT member, {", ".join(f"coalesce(({column})::float8, 0)" for column in SUMS.values())}
    FROM aged GROUP BY member
"""  # noqa: S608 - put together of constants alone
# As many processes as the server will give to one question, and room to group without going to disk.
AT_ITS_BEST = """
    SET max_parallel_workers_per_gather = 8; SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0;
    SET work_mem = '2GB'; SET hash_mem_multiplier = 2; SET jit = off
"""


def load(lines: Sequence[Lines]) -> None:
    """As a table that is written, read and cleaned up once, so that a scan finds it at its best."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(WEIGHT, {"today": TODAY})
        cursor.execute(HOUR, {"parts": habits.DAYPART_OF_HOUR.tolist()})
        with cursor.copy("COPY bench_line FROM STDIN (FORMAT binary)") as copy:
            for part in _as_copy(lines):
                copy.write(part)
        cursor.execute("VACUUM ANALYZE bench_line, bench_weight, bench_hour")
        cursor.execute(AT_ITS_BEST)


def _as_copy(lines: Sequence[Lines]) -> Iterator[bytes]:
    row = copying.row_type(**LINE)
    yield b"PGCOPY\n\xff\r\n\0" + bytes(8)
    for block in lines:
        rows = np.zeros(len(block), row)
        rows["_columns"] = len(LINE)
        for name, kind in LINE.items():
            rows[name], rows[f"_{name}_bytes"] = getattr(block, name), int(kind[1:])
        yield rows.tobytes()
    yield b"\xff\xff"


def fill_tables(members: int) -> None:
    """The same lines as purchases of the application."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"members": members, "zone": settings.TIME_ZONE})
        cursor.execute("VACUUM ANALYZE loyalty_member, loyalty_product, loyalty_purchase")


def sums() -> np.ndarray:
    return copying.read(GROUP_BY, {"today": TODAY}, _row())


def no_sums() -> np.ndarray:
    return np.zeros(0, _row())


def _row() -> np.dtype:
    return copying.row_type(member="i4", **dict.fromkeys(SUMS, "f8"))


def columns(rows: np.ndarray, members: int) -> Columns:
    """The features that PostgreSQL's sums come to, in the order of the members."""
    sums = {name: np.zeros(members) for name in SUMS} | {"recency": np.full(members, np.nan)}
    for name, column in sums.items():
        column[rows["member"]] = rows[name]
    weighted = np.column_stack([sums[f"weighted_{code}"] for code in DEPARTMENTS]).clip(0)
    affinities = affinity.affinities(weighted, affinity.everybodys(weighted))
    return {
        "recency_days": sums["recency"],
        **{name: sums[name] for name in ("baskets_30", "baskets_90", "baskets_365", "baskets_total")},
        **{name: sums[name] / habits.UNITS_E4 for name in ("spend_30", "spend_90", "spend_365")},
        "spend_trend": _over(sums["spend_90"], sums["spend_180"] - sums["spend_90"]).clip(0),
        "average_basket": _per_visit(sums, "visits", unit=habits.UNITS_E4),
        "lines_per_basket": _per_visit(sums, "lines"),
        "discount_share": _over(sums["discount"], sums["discount"] + sums["spend_365"]).clip(0, 1),
        "channel_preference": _channel(sums["store"], sums["online"]),
        "daypart_preference": _daypart(np.array([sums[f"daypart_{part}"] for part in DAYPARTS])),
        "top_category": affinity.top_departments(weighted),
        **{f"affinity:{DEPARTMENT[code]}": affinities[:, code] for code in DEPARTMENTS},
        **_in_windows(sums),
    }


def _in_windows(sums: Columns) -> Columns:
    columns = {}
    for days, code in product(BY_WINDOW, DEPARTMENTS):
        columns[f"bought_{days}:{DEPARTMENT[code]}"] = sums[f"bought_{days}_{code}"]
        columns[f"spent_{days}:{DEPARTMENT[code]}"] = sums[f"spent_{days}_{code}"] / habits.UNITS_E4
    return columns


def _per_visit(sums: Columns, name: str, *, unit: int = 1) -> np.ndarray:
    lately = sums["baskets_365"] > 0
    visits = np.where(lately, sums["baskets_365"], sums["baskets_total"])
    return _over(np.where(lately, sums[f"{name}_365"], sums[name]), visits * unit)


def _over(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))


def _channel(store: np.ndarray, online: np.ndarray) -> np.ndarray:
    total = store + online
    chosen = [total < habits.MIN_VISITS_FOR_CHANNEL, online >= 0.8 * total, store >= 0.8 * total]
    return np.select(chosen, [habits.NOT_ENOUGH_DATA, habits.ONLINE, habits.STORE], habits.BOTH)


def _daypart(visits: np.ndarray) -> np.ndarray:
    total = visits.sum(axis=0)
    chosen = [total < habits.MIN_VISITS_FOR_DAYPART, visits.max(axis=0) > 0.5 * total]
    return np.select(chosen, [np.full(len(total), habits.TOO_FEW_VISITS), visits.argmax(axis=0)], habits.NO_DAYPART)
