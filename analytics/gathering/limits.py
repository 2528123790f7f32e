"""The sizes beyond which values are held, so that one giant basket decides nothing: fixed before an outcome is seen."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
from django.db import connection

from analytics.measurement import tails
from analytics.measurement.tails import QUANTILE
from analytics.metrics import BASKETS, MARGIN, PURCHASERS, SPEND

HELD = (MARGIN, SPEND, BASKETS)
# A quantile of 0.999 is one buyer in a thousand.
LEAST_BUYERS = 1_000
# Of everybody who bought, whatever was decided about them.
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


def limits(before: Mapping[str, np.ndarray], since: dt.datetime, *, length: dt.timedelta) -> dict[str, float]:
    """By metric, what 1 in 1,000 buyers exceeded in the time of that length before `since`: buyers of the audience or
    of all members, whichever is more; none where few bought.

    `before` is what each of the audience did then (n,), all arms together. The best customers buy more than all others
    do, and whoever was chosen for having stayed away bought next to nothing: neither ceiling would do for both.
    """
    own, usual = _of_audience(before), _of_everybody(since, length=length)
    return {name: max(sizes) for name in HELD if (sizes := [each[name] for each in (own, usual) if name in each])}


def _of_audience(before: Mapping[str, np.ndarray]) -> dict[str, float]:
    bought = before[PURCHASERS] > 0
    if np.count_nonzero(bought) < LEAST_BUYERS:
        return {}
    return {name: tails.threshold(before[name][bought]) for name in HELD if name in before}


def _of_everybody(since: dt.datetime, *, length: dt.timedelta) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(LARGEST, {"quantile": QUANTILE, "since": since - length, "until": since})
        buyers, *largest = cursor.fetchone()
    if buyers < LEAST_BUYERS:
        return {}
    return {name: float(size) for name, size in zip(HELD, largest, strict=True) if size}
