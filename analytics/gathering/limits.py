"""The sizes beyond which values are held, so that one giant basket decides nothing: fixed before an outcome is seen."""

import datetime as dt

from django.db import connection

from analytics.measurement.tails import QUANTILE
from analytics.metrics import BASKETS, MARGIN, SPEND

# A quantile of 0.999 is one buyer in a thousand.
LEAST_BUYERS = 1_000
# Of everybody who bought, whatever their arm: an audience of members who stayed away has no sizes of its own.
LARGEST = """
    SELECT count(*), percentile_cont(%(quantile)s) WITHIN GROUP (ORDER BY margin),
           percentile_cont(%(quantile)s) WITHIN GROUP (ORDER BY spend),
           percentile_cont(%(quantile)s) WITHIN GROUP (ORDER BY baskets)
    FROM (
        SELECT abs(sum(margin_amount))::float8 AS margin, abs(sum(net_amount))::float8 AS spend,
               count(DISTINCT basket_ref) FILTER (WHERE quantity > 0) AS baskets
        FROM loyalty_purchase
        WHERE member_id IS NOT NULL AND purchased_at >= %(since)s AND purchased_at < %(until)s GROUP BY member_id
    ) buyer
"""


def limits(since: dt.datetime, *, length: dt.timedelta) -> dict[str, float]:
    """By metric, what 1 in 1,000 buyers exceeded in the time of that length before `since`; none where few bought."""
    with connection.cursor() as cursor:
        cursor.execute(LARGEST, {"quantile": QUANTILE, "since": since - length, "until": since})
        buyers, *largest = cursor.fetchone()
    if buyers < LEAST_BUYERS:
        return {}
    return {name: float(size) for name, size in zip((MARGIN, SPEND, BASKETS), largest, strict=True) if size}
