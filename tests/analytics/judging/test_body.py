"""What a report says of a small world, against what was put into it."""

from decimal import Decimal

import numpy as np
import pytest
from django.db import connection

from analytics import freezing, telling
from campaigns.models import Delivery, Ghost
from tests import making
from tests.analytics import world
from tests.analytics.world import SINCE, UNTIL
from tests.making import DAY

pytestmark = pytest.mark.django_db

CLOSED = UNTIL + DAY
# Independent of the code under test: whole-basket margin of both arms in the window.
BY_SQL = """
    SELECT avg(margin) FILTER (WHERE NOT held_out) - avg(margin) FILTER (WHERE held_out) FROM (
        SELECT decision.held_out, coalesce(sum(line.margin_amount), 0) AS margin
        FROM campaigns_decision decision LEFT JOIN loyalty_purchase line ON line.member_id = decision.member_id
             AND line.purchased_at >= %s AND line.purchased_at < %s
        GROUP BY decision.member_id, decision.held_out
    ) member
"""


@pytest.fixture
def small(terms):
    return world.made(terms)


def told(small, *, effect=3.0, as_of=CLOSED, spoil=lambda lines: lines):
    small.decide()
    world.buy(spoil(small.shopping(effect=effect)))
    return freezing.freeze(small.run, as_of=as_of).told


def test_margin_is_what_sql_alone_makes_of_it_to_the_cent(small):
    body = told(small)
    with connection.cursor() as cursor:
        cursor.execute(BY_SQL, [SINCE, UNTIL])
        (expected,) = cursor.fetchone()
    assert body.of("margin").plain.each.value == pytest.approx(float(expected), abs=1e-9)


def test_adjustment_says_how_much_of_the_spread_it_took_out(small):
    margin = told(small).of("margin")
    widths = [effect.each.high - effect.each.low for effect in (margin.headline, margin.plain)]
    assert 0 < margin.r_squared < 1
    # The ceiling takes a little of the spread too.
    assert widths[0] == pytest.approx(widths[1] * np.sqrt(1 - margin.r_squared), rel=0.03)


def test_one_giant_basket_decides_nothing_where_values_are_held(small):
    """A ceiling was set before, so the same whale that moves the plain figure leaves the other where it was."""
    whale = int(small.ids[small.treated][0])

    def with_whale(lines):
        at = np.flatnonzero((lines.member == whale) & lines.inside & (lines.quantity > 0))[0]
        return lines.changed(net=np.where(np.arange(len(lines.net)) == at, 50_000.0, lines.net))

    margin = told(small, effect=0.0, spoil=with_whale).of("margin")
    assert margin.clip_at is not None
    assert margin.plain.each.value > 10
    assert abs(margin.headline.each.value) < (margin.headline.each.high - margin.headline.each.low) / 3.92


def test_only_what_was_not_promised_is_one_of_many(small):
    body = told(small)
    assert body.judged[0].metric == "margin"
    assert body.judged[0].q is None
    others = [each for each in body.judged[1:] if each.headline.each]
    assert len(others) >= 4
    assert all(each.q >= each.headline.each.p for each in others)


def test_while_the_window_is_open_only_the_interval_for_every_look_says_pays(small):
    """The effect is such that the fixed interval lies above 0 already."""
    body = told(small, effect=2.2, as_of=SINCE + 5 * DAY)
    margin = body.of("margin")
    assert margin.headline.each.low > 0 > margin.always.low
    assert body.verdict.word == "not_yet_known"


def test_what_is_not_known_yet_comes_with_what_would_settle_it(small):
    body = told(small, effect=2.2, as_of=SINCE + 5 * DAY)
    assert body.verdict.word == "not_yet_known"
    assert body.verdict.needed.days == 9


def test_the_last_day_of_the_curve_is_the_headline(small):
    body = told(small)
    assert len(body.days) == world.DAYS
    assert body.days[-1].fixed == body.of("margin").headline.each


def test_tenths_are_of_what_was_predicted(small):
    body = told(small)
    assert [tenth.predicted for tenth in body.deciles] == sorted(tenth.predicted for tenth in body.deciles)
    assert sum(tenth.members + tenth.versus_members for tenth in body.deciles) == len(small.ids)


def reach(small, *, of_treated: float, of_held_out: float) -> None:
    """Send to the first of the treated; of the held out, write down who would have been sent something."""
    offer = small.run.offers.get()
    facts = {"run": small.run, "run_offer": offer, "channel": "email", "at": SINCE}
    for members, share, model, state in (
        (small.ids[small.treated], of_treated, Delivery, "sent"),
        (small.ids[~small.treated], of_held_out, Ghost, "would_send"),
    ):
        model.objects.bulk_create(
            model(member_id=int(member), state=state, **facts) for member in members[: int(share * len(members))]
        )


def test_the_effect_on_those_reached_compares_them_with_those_who_would_have_been(small):
    small.decide()
    lines = small.shopping()
    treated = small.ids[small.treated]
    moved = np.isin(lines.member, treated[: len(treated) // 2]) & lines.inside & (lines.quantity > 0)
    world.buy(lines.changed(net=lines.net + np.where(moved, 5.0, 0.0)))
    reach(small, of_treated=0.5, of_held_out=0.5)
    body = freezing.freeze(small.run, as_of=CLOSED).told
    assert (body.reached.treated, body.reached.held_out) == pytest.approx((0.5, 0.5), abs=0.01)
    itt, effect = body.of("margin").headline.each, body.reached.effect.each
    assert effect.value > 1.5 * itt.value
    assert effect.low > 0


@pytest.mark.parametrize("as_of", [CLOSED, SINCE + 5 * DAY])
@pytest.mark.parametrize("of_held_out", [1.0, 0.0])
def test_where_everybody_was_reached_the_effect_on_them_is_the_headline(small, as_of, of_held_out):
    small.decide()
    world.buy(small.shopping(effect=3.0))
    reach(small, of_treated=1.0, of_held_out=of_held_out)
    body = freezing.freeze(small.run, as_of=as_of).told
    assert body.reached.effect.each == telling.in_force(body, body.of("margin"))


def test_while_the_window_is_open_some_of_the_members_are_told_by_the_interval_that_allows_looking(small):
    """Wider than the same purchases give once the window has closed, for each group as for all."""
    small.decide()
    world.buy(small.shopping(effect=3.0))
    reach(small, of_treated=0.5, of_held_out=0.5)
    seen = SINCE + 5 * DAY
    early = freezing.freeze(small.run, as_of=seen).told
    small.run.outcomes_until = seen
    late = freezing.freeze(small.run, as_of=seen).told
    assert (early.is_open, late.is_open) == (True, False)
    margin = early.of("margin")
    expected = width(margin.always) / width(margin.headline.each)
    assert expected > 1.2
    for one, other in zip((early.reached, *early.deciles), (late.reached, *late.deciles), strict=True):
        # Of few members the fixed interval takes a quantile of t.
        assert width(one.effect.each) / width(other.effect.each) == pytest.approx(expected, rel=0.02)


def width(each):
    return each.high - each.low


def test_without_ghosts_the_effect_is_spread_over_fewer(small):
    small.decide()
    world.buy(small.shopping(effect=3.0))
    reach(small, of_treated=0.5, of_held_out=0.0)
    body = freezing.freeze(small.run, as_of=CLOSED).told
    itt = body.of("margin").headline.each
    assert body.reached.effect.each.value == pytest.approx(2 * itt.value, rel=0.01)


def test_the_personal_offer_is_set_against_the_generic_one(terms):
    draw = making.draw(universal_share=Decimal("0.1"), generic_share=Decimal("0.4"))
    body = told(world.made(terms, draw=draw))
    assert {(each.arm, each.versus) for each in body.personal_or_generic} == {("treated", "generic")}
    assert {(each.arm, each.versus) for each in body.judged} == {("treated", "held_out")}
    assert any("the universal holdout" in note for note in body.notes)


def test_ratios_are_adjusted_too(small):
    """Members bring about as many things a visit as before, which here is chance alone: nothing is gained or lost."""
    items = told(small).of("items_per_basket")
    assert items.r_squared is not None
    widths = [effect.each.high - effect.each.low for effect in (items.headline, items.plain)]
    assert widths[0] == pytest.approx(widths[1], rel=0.02)
