"""What can go wrong between a decision and its report: each is caught by a guard of its own, and no number is told."""

from dataclasses import replace

import numpy as np
import pytest

from analytics import freezing
from analytics.body import Body
from campaigns.models import Campaign, Delivery
from tests.analytics import world
from tests.analytics.world import SINCE, UNTIL

pytestmark = pytest.mark.django_db

CLOSED = UNTIL + world.making.DAY
EFFECT = 3.0


@pytest.fixture
def small(terms):
    return world.made(terms)


def told(small: world.World, *, as_of=CLOSED) -> Body:
    return freezing.freeze(small.run, as_of=as_of).told


def stopped(body: Body) -> list[str]:
    return [check.name for check in body.checks if check.state == "stop"]


def numbers(body: Body) -> list[object]:
    """Everything in it from which somebody could read an effect."""
    means = [mean for arm in body.arms for mean in arm.means.values()]
    parts = (body.judged, body.personal_or_generic, body.days, body.segments, body.deciles, body.parts, body.costs)
    return [*means, *(each for part in parts for each in part), *([body.reached] if body.reached else [])]


def test_a_clean_world_shows_its_lift(small):
    """The control of all that follows."""
    small.decide()
    world.buy(small.shopping(effect=EFFECT))
    world.click(small.ids[small.treated], seconds_after=600)
    body = told(small)
    assert stopped(body) == []
    assert body.verdict.word == "pays"
    assert numbers(body)


def spoilt(small: world.World, guard: str, **facts) -> None:
    body = told(small, **facts)
    assert stopped(body) == [guard]
    assert numbers(body) == []
    assert body.verdict.word == "not_yet_known"
    assert next(check.sentence for check in body.checks if check.name == guard) in body.verdict.sentence


def test_a_filter_that_knows_the_arm(small):
    """Treated members who bought little before are not decided on."""
    lines = small.shopping(effect=EFFECT)
    before = np.bincount(np.searchsorted(small.ids, lines.member[~lines.inside]), minlength=len(small.ids))
    small.decide(~small.treated | (before > np.quantile(before, 0.25)))
    world.buy(lines)
    body = told(small)
    assert "sample_ratio" in stopped(body)
    assert numbers(body) == []


def test_offers_that_leak_to_the_holdout(small):
    """Every twentieth held-out member redeems an offer that only this campaign gives."""
    small.decide()
    lines = small.shopping(effect=EFFECT)
    leaked = small.ids[~small.treated][::20]
    redeeming = np.isin(lines.member, leaked) & lines.inside & (lines.quantity > 0)
    offer = small.run.offers.get().offer.ref
    world.buy(lines.changed(offer=np.where(redeeming, offer, "")))
    spoilt(small, "contamination")


def test_purchases_that_come_twice(small):
    """One till's lines of the window come a second time, under other references."""
    small.decide()
    lines = small.shopping(effect=EFFECT)
    world.buy(lines)
    again = lines.take(lines.inside & (lines.member % 10 == 0))
    world.buy(again.changed(ref=np.char.add(again.ref, "-again")))
    spoilt(small, "duplicates")


def test_purchases_of_one_arm_that_come_late(small):
    """What a tenth of the treated bought is loaded only after the first report."""
    small.decide()
    lines = small.shopping()
    of_treated = small.treated[np.searchsorted(small.ids, lines.member)]
    late = lines.inside & of_treated & (lines.member % 10 == 0)
    world.buy(lines.take(~late))
    assert stopped(told(small)) == []
    world.buy(lines.take(late))
    spoilt(small, "late_data", as_of=CLOSED + world.making.DAY)


def test_refunds_that_are_not_taken_off(small):
    small.decide()
    lines = small.shopping(effect=EFFECT)
    world.buy(lines.take(~(lines.inside & (lines.quantity < 0))))
    spoilt(small, "refunds")


def test_clicks_of_programs(small):
    """A filter of mails follows every link within a second."""
    small.decide()
    world.buy(small.shopping(effect=EFFECT))
    offer = small.run.offers.get()
    treated = small.ids[small.treated]
    Delivery.objects.bulk_create(
        Delivery(run=small.run, member_id=int(member), run_offer=offer, channel="email", state="sent", at=SINCE)
        for member in treated
    )
    world.click(treated, seconds_after=1)
    spoilt(small, "bot_engagement")


def test_a_salt_that_changes(small):
    """Half of the members are decided on by another salt."""
    other = world.drawn(Campaign(salt="another", share_held_out=small.campaign.share_held_out))
    mixed = replace(small, arms=np.where(np.arange(len(small.ids)) % 2, small.arms, other))
    mixed.decide()
    world.buy(mixed.shopping(effect=EFFECT))
    spoilt(mixed, "salt_changed")


def test_a_window_in_another_time_zone(small):
    """From the launch on, the webshop writes times of another continent."""
    small.decide()
    lines = small.shopping(effect=EFFECT)
    world.buy(lines.changed(second=lines.second + np.where(lines.inside, -7 * 3_600, 0)))
    spoilt(small, "window_shifted")


def test_a_day_without_purchases(small):
    """One more than those: a night's file is missing."""
    small.decide()
    lines = small.shopping(effect=EFFECT)
    world.buy(lines.take(lines.day != 5))
    spoilt(small, "missing_feed")


def test_a_day_on_which_the_shops_are_closed_is_not_missing(small, settings):
    """The control of the one above."""
    settings.RETAILER_CLOSED = [(SINCE + 5 * world.making.DAY).date().isoformat()]
    small.decide()
    lines = small.shopping(effect=EFFECT)
    world.buy(lines.take(lines.day != 5))
    assert stopped(told(small)) == []
