"""An analyst's check: every figure that a report gives per member and in total, worked out again by SQL alone."""

from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from scipy import stats

from analytics import freezing
from analytics.body import Body
from campaigns.models import Delivery, Ghost
from tests.analytics import world
from tests.analytics.world import SINCE, UNTIL

pytestmark = pytest.mark.django_db

CENT = 0.01
# Reward and contact cost as the campaign has them; returns are negative lines.
BY_SQL = """
    WITH bought AS (
        SELECT member_id, sum(margin_amount) AS margin, sum(net_amount) AS spend,
               count(DISTINCT basket_ref) FILTER (WHERE quantity > 0) AS baskets
        FROM loyalty_purchase WHERE purchased_at >= %(since)s AND purchased_at < %(until)s GROUP BY member_id
    ), redeemed AS (
        SELECT member_id, count(DISTINCT basket_ref) AS baskets FROM loyalty_purchase
        WHERE offer_ref = %(offer)s AND quantity > 0 AND purchased_at >= %(since)s AND purchased_at < %(until)s
        GROUP BY member_id
    ), sent AS (
        SELECT member_id, count(*) AS messages FROM campaigns_delivery WHERE state = 'sent' GROUP BY member_id
    ), member AS (
        SELECT decision.arm, coalesce(bought.spend, 0) AS spend, coalesce(bought.baskets, 0) AS baskets,
               (coalesce(bought.baskets, 0) > 0)::int AS purchasers,
               coalesce(bought.margin, 0) - %(reward)s * coalesce(redeemed.baskets, 0)
                   - %(contact)s * coalesce(sent.messages, 0) AS margin
        FROM campaigns_decision decision
        LEFT JOIN bought USING (member_id) LEFT JOIN redeemed USING (member_id) LEFT JOIN sent USING (member_id)
    )
    SELECT arm, count(*), {columns} FROM member GROUP BY arm
"""
METRICS = ("margin", "spend", "baskets", "purchasers")
REWARD, CONTACT = Decimal("0.50"), Decimal("0.07")


@pytest.fixture
def body(terms) -> Body:
    """Half of the treated are sent a message, and every seventh of them redeems what it offers."""
    small = world.made(terms, members=600)
    small.campaign.contact_cost = CONTACT
    small.campaign.save()
    small.decide()
    lines, treated = small.shopping(effect=3.0), small.ids[small.treated]
    redeeming = np.isin(lines.member, treated[::7]) & lines.inside & (lines.quantity > 0)
    offer = small.run.offers.get()
    world.buy(lines.changed(offer=np.where(redeeming, offer.offer.ref, "")))
    for model, state, members in ((Delivery, "sent", treated), (Ghost, "would_send", small.ids[~small.treated])):
        facts = {"run": small.run, "run_offer": offer, "channel": "email", "state": state, "at": SINCE}
        model.objects.bulk_create(model(member_id=int(member), **facts) for member in members[::2])
    return freezing.freeze(small.run, as_of=UNTIL + world.making.DAY).told


def by_sql(body: Body, *, reward: Decimal = REWARD) -> dict[str, dict[str, tuple[int, float, float]]]:
    """By arm and metric: members, mean and sample variance."""
    columns = ", ".join(f"avg({name})::float8, var_samp({name})::float8" for name in METRICS)
    offer = freezing.Run.objects.get(pk=body.run).offers.get().offer.ref
    asked = {"since": SINCE, "until": UNTIL, "offer": offer, "reward": reward, "contact": CONTACT}
    with connection.cursor() as cursor:
        cursor.execute(BY_SQL.format(columns=columns), asked)
        return {
            arm: {name: (n, *figures[2 * at : 2 * at + 2]) for at, name in enumerate(METRICS)}
            for arm, n, *figures in cursor.fetchall()
        }


def test_each_arm_has_the_means_that_sql_has(body):
    expected = {arm: {name: mean for name, (_, mean, _) in found.items()} for arm, found in by_sql(body).items()}
    told = {arm.arm: {name: arm.means[name] for name in METRICS} for arm in body.arms}
    assert told["treated"] == pytest.approx(expected["treated"], abs=1e-9)
    assert told["held_out"] == pytest.approx(expected["held_out"], abs=1e-9)


def test_the_differences_are_those_of_sql_to_the_cent_in_total(body):
    found = by_sql(body)
    for metric in METRICS:
        (n, mean, _), (_, usual, _) = (found[arm][metric] for arm in ("treated", "held_out"))
        told = body.of(metric).plain
        assert told.each.value == pytest.approx(mean - usual, abs=1e-9)
        assert told.in_total.value == pytest.approx(n * (mean - usual), abs=CENT / 2)


def test_the_intervals_are_welchs_of_the_variances_that_sql_has(body):
    found = by_sql(body)
    for metric in ("margin", "spend", "baskets"):
        treated, reference = (found[arm][metric] for arm in ("treated", "held_out"))
        theirs = stats.ttest_ind_from_stats(*_summary(*treated), *_summary(*reference), equal_var=False)
        assert body.of(metric).plain.each.p == pytest.approx(theirs.pvalue, rel=1e-6)


def _summary(n: int, mean: float, variance: float) -> tuple[float, float, int]:
    return mean, variance**0.5, n


def test_a_reward_that_is_left_out_would_be_found_out(body):
    """The control."""
    (n, mean, _), (_, usual, _) = (by_sql(body, reward=Decimal(0))[arm]["margin"] for arm in ("treated", "held_out"))
    assert abs(body.of("margin").plain.in_total.value - n * (mean - usual)) > 1
