"""What all members came to in a stretch, metric by metric, and in the time before the holdouts were drawn."""

import datetime as dt
from collections.abc import Mapping

import numpy as np

from analytics.gathering import purchases
from analytics.gathering.members import Members
from analytics.metrics import BASKETS, MARGIN, PURCHASERS, SPEND
from analytics.programme.stretches import Stretch
from campaigns import responses
from campaigns.member_features import EXPECTED_MARGIN
from campaigns.models import RunOffer
from loyalty import clock, copying, profiles
from loyalty.models import Snapshot
from loyalty.profiles.positions import positions
from offers.catalog import department_of

LIFETIME, PROMOTED = "lifetime", "promoted"
BEFORE = dt.timedelta(days=91)
SPENT = copying.row_type(member="i8", net_e4="i8")
SPENT_ON = """
    SELECT line.member_id, (sum(line.net_amount) * 10000)::int8
    FROM loyalty_purchase line JOIN loyalty_product product ON product.id = line.product_id
    WHERE line.member_id IS NOT NULL AND line.purchased_at >= %(since)s AND line.purchased_at < %(until)s
      AND trim(split_part(product.category, '>', 1)) = ANY(%(departments)s::text[])
    GROUP BY line.member_id
"""

Values = Mapping[str, np.ndarray]


def before(members: Members, stretch: Stretch) -> Values:
    """A quarter before the draw, which nothing that came of it can have touched."""
    drawn = clock.start_of(stretch.draw.begins)
    return _bought(members, drawn - BEFORE, drawn)


def during(members: Members, since: dt.datetime, until: dt.datetime) -> Values:
    """Each metric (n,); margin is lacking where lines have none."""
    return _bought(members, since, until)


def promoted(members: Members, since: dt.datetime, until: dt.datetime) -> np.ndarray | None:
    """(n,) what each spent on the departments that offers of this time were for; None without such offers."""
    departments = sorted(_departments(since, until))
    if not departments:
        return None
    asked = {"since": since, "until": until, "departments": departments}
    rows = copying.read(SPENT_ON, asked, SPENT)
    return members.sums(rows["member"], rows["net_e4"]) / responses.MONEY


def lifetime(members: Members, since: dt.datetime, until: dt.datetime) -> np.ndarray | None:
    """(n,) what a scorer expects of each, by the newest profiles; None where they are of another time or lack it."""
    snapshot = Snapshot.objects.latest_ready()
    if snapshot is None or not since < clock.start_of(snapshot.as_of) <= until:
        return None
    known = profiles.opened(snapshot, on=snapshot.as_of)
    if EXPECTED_MARGIN not in known.columns:
        return None
    at = positions(known.member_ids, members.ids)
    expected = np.asarray(known.columns[EXPECTED_MARGIN], dtype=np.float64)
    found = np.where(at >= 0, expected[at], 0.0)
    return np.nan_to_num(found)


def _bought(members: Members, since: dt.datetime, until: dt.datetime) -> dict[str, np.ndarray]:
    found = purchases.between(members, since, until)
    values = {SPEND: found.spend, PURCHASERS: (found.baskets > 0).astype(np.float64), BASKETS: found.baskets}
    return values if found.without_margin else {MARGIN: found.margin, **values}


def _departments(since: dt.datetime, until: dt.datetime) -> set[str]:
    """Of the offers of all runs whose outcomes counted then; those for the whole shop name none."""
    of_then = RunOffer.objects.filter(run__outcomes_from__lt=until, run__outcomes_until__gt=since)
    given = of_then.filter(assigned__gt=0).select_related("approval__terms__product", "offer")
    return {department for each in given if (department := department_of(each.terms))}
