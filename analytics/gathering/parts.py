"""The basket in parts, as seen from the offer that was chosen for a member: what it is for, what is near, the rest."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from analytics.gathering.members import Members
from campaigns import responses
from campaigns.models import Run
from loyalty import copying
from offers.catalog import department_of

TARGET, SAME_DEPARTMENT, OTHER = range(3)
PARTS = 3

ROW = copying.row_type(member="i8", part="i4", margin_e4="i8", baskets="i8")
# The offer that was given or withheld, so that the parts mean the same in every arm.
BOUGHT = """
    WITH offer AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(products)s::bigint[], %(categories)s::text[], %(departments)s::text[])
            offer (id, product, category, department)
    )
    SELECT line.member_id,
        CASE WHEN offer.id IS NULL THEN 2
             WHEN line.product_id = offer.product THEN 0
             WHEN offer.product IS NULL AND (
                 offer.category = '' OR product.category = offer.category
                 OR starts_with(product.category, offer.category || ' >')
             ) THEN 0
             WHEN product.department = offer.department THEN 1
             ELSE 2 END,
        (coalesce(sum(line.margin_amount), 0) * 10000)::int8,
        count(DISTINCT line.basket_ref) FILTER (WHERE line.quantity > 0)
    FROM loyalty_purchase line
    LEFT JOIN loyalty_product product ON product.id = line.product_id
    LEFT JOIN campaigns_decision decision
        ON decision.run_id = %(run)s AND decision.member_id = line.member_id AND decision.rank = 0
    LEFT JOIN offer ON offer.id = coalesce(decision.run_offer_id, decision.withheld_id)
    WHERE line.member_id IS NOT NULL AND line.purchased_at >= %(since)s AND line.purchased_at < %(until)s
    GROUP BY 1, 2
"""


@dataclass(frozen=True, eq=False)
class Parts:
    """Margin at the till of each part (3, n), and in how many baskets members bought what the offer is for (n,)."""

    margin: np.ndarray
    baskets: np.ndarray


def parts(run: Run, members: Members, *, since: dt.datetime, until: dt.datetime) -> Parts:
    """Of the outcome window so far. What cannot be told apart, as without a product, is the rest."""
    offers = [(each.pk, each.terms) for each in run.offers.select_related("approval__terms__product")]
    asked = {
        "run": run.pk,
        "since": since,
        "until": until,
        "ids": [pk for pk, _ in offers],
        "products": [terms.product_id for _, terms in offers],
        "categories": [terms.category for _, terms in offers],
        "departments": [department_of(terms) for _, terms in offers],
    }
    rows = copying.read(BOUGHT, asked, ROW)
    margin = [_sums(members, rows[rows["part"] == part], "margin_e4") / responses.MONEY for part in range(PARTS)]
    return Parts(np.stack(margin), _sums(members, rows[rows["part"] == TARGET], "baskets"))


def _sums(members: Members, rows: np.ndarray, column: str) -> np.ndarray:
    return members.sums(rows["member"], rows[column])
