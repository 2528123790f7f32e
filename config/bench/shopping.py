"""Purchases of as many members as wanted, in the application's table: so many lines each, over ten weeks by chance."""

import datetime as dt

from django.db import connection

from config.bench import reached

LINES_EACH = 3
BEFORE = dt.timedelta(days=56)
# Lines come in faster without them; those that queries read by are made again when all are there.
WITHOUT = """
    ALTER TABLE loyalty_purchase DROP CONSTRAINT a_line_is_known_once;
    DROP INDEX purchases_of_member, purchases_by_time
"""
WITH = """
    SET maintenance_work_mem = '512MB';
    CREATE INDEX purchases_by_time ON loyalty_purchase (purchased_at);
    CREATE INDEX purchases_of_member ON loyalty_purchase (member_id, purchased_at);
    VACUUM ANALYZE loyalty_purchase
"""
# In the order of time, as tills write them down.
LINES = """
    INSERT INTO loyalty_purchase (line_ref, basket_ref, member_id, channel, purchased_at, quantity, net_amount,
                                  margin_amount, offer_ref)
    SELECT number, number, 1 + abs(hashint8extended(number, 1)) %% %(members)s, 'store',
           %(since)s::timestamptz + number * (%(until)s::timestamptz - %(since)s::timestamptz) / %(lines)s::float8,
           1, spent, round(spent * 0.3, 2), ''
    FROM (
        SELECT number, (1 + abs(hashint8extended(number, 2)) %% 9900 / 100.0)::numeric(18, 2) AS spent
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) number
    ) line
"""


def purchases(members: int, *, since: dt.datetime, until: dt.datetime) -> None:
    """Of eight weeks before `since` and of the time from then on."""
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT)
    lines = LINES_EACH * members
    reached.insert(LINES, lines, lines=lines, members=members, since=since - BEFORE, until=until)
    with connection.cursor() as cursor:
        for statement in WITH.split(";"):  # cleaning up runs in no transaction
            cursor.execute(statement)
