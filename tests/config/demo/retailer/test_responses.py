from dataclasses import fields

import numpy as np

from config.demo.retailer import planted, purchases, responses, till
from config.demo.retailer.responses import Contacts, Shopping
from config.demo.retailer.rows import Rows
from config.demo.retailer.world import APP, World


def _same(one: Rows, other: Rows) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))


def _lines_of(told: Shopping, members: np.ndarray) -> np.ndarray:
    """The lines of some members as rows of numbers, whatever other baskets there are."""
    of = told.baskets.take(told.lines.basket)
    facts = (of.member, of.day, of.trip, told.lines.product, told.lines.quantity, told.lines.net, told.lines.offer)
    return np.stack(facts, axis=1)[np.isin(of.member, members)]


def _tell(world: World, sent: Contacts, days: int = 28) -> Shopping:
    return responses.shopping(world, sent, since=world.end - 28, until=world.end - 28 + days)


def test_when_nobody_is_written_to_all_shops_are_ordinary(world: World) -> None:
    told = _tell(world, responses.nobody())
    ordinary = purchases.baskets(world, world.end - 28, world.end)
    assert _same(told.baskets, ordinary)
    assert _same(told.lines, purchases.lines(world, ordinary))


def test_untreated_members_buy_the_same_under_any_decisions(world: World, campaign: Contacts) -> None:
    treated = campaign.member % 3 == 0
    untreated = campaign.member[~treated]
    one = _tell(world, campaign.take(treated))
    other = _tell(world, campaign.take(treated & (campaign.member % 2 == 0)))
    assert len(_lines_of(one, untreated)) > 1000
    assert np.array_equal(_lines_of(one, untreated), _lines_of(other, untreated))


def test_treated_members_do_not_all_buy_the_same(world: World, campaign: Contacts) -> None:
    assert not np.array_equal(
        _lines_of(_tell(world, campaign), campaign.member), _lines_of(_tell(world, responses.nobody()), campaign.member)
    )


def test_two_stretches_in_a_row_tell_the_same_as_one(world: World, campaign: Contacts) -> None:
    second = Contacts(campaign.member, (campaign.offer + 11) % 40, campaign.day + 6, campaign.channel, campaign.minute)
    sent = campaign + second
    start = world.end - 28
    whole = _tell(world, sent)
    parts = [responses.shopping(world, sent, since=start + a, until=start + b) for a, b in ((0, 9), (9, 10), (10, 28))]
    assert _same(whole.baskets, parts[0].baskets + parts[1].baskets + parts[2].baskets)
    for name in ("net", "discount", "offer"):
        assert np.array_equal(getattr(whole.lines, name), np.concatenate([getattr(part.lines, name) for part in parts]))


def test_two_channels_carry_one_message(world: World, campaign: Contacts) -> None:
    by_app = Contacts(campaign.member, campaign.offer, campaign.day, np.full(len(campaign), APP), campaign.minute)
    assert _same(_tell(world, campaign + by_app).lines, _tell(world, campaign).lines)


def test_nothing_changes_before_the_day_after_the_message(world: World, campaign: Contacts) -> None:
    told = _tell(world, campaign, days=1)
    assert _same(told.lines, _tell(world, responses.nobody(), days=1).lines)


def test_nothing_changes_two_weeks_after_the_message(world: World, campaign: Contacts) -> None:
    late = campaign.day[0] + planted.EFFECT_DAYS
    told = responses.shopping(world, campaign, since=int(late), until=world.end)
    ordinary = responses.shopping(world, responses.nobody(), since=int(late), until=world.end)
    assert _same(told.lines, ordinary.lines)


def test_lost_causes_buy_what_they_would_have_bought(world: World, campaign: Contacts) -> None:
    lost = campaign.member[planted.kinds(world, campaign.member, campaign.offer) == planted.LOST_CAUSE]
    ordinary = _lines_of(_tell(world, responses.nobody()), lost)
    assert np.array_equal(_lines_of(_tell(world, campaign), lost), ordinary)


def test_sure_things_pay_less_for_the_same_goods(world: World, campaign: Contacts) -> None:
    sure = campaign.member[planted.kinds(world, campaign.member, campaign.offer) == planted.SURE_THING]
    told, ordinary = _lines_of(_tell(world, campaign), sure), _lines_of(_tell(world, responses.nobody()), sure)
    net = 5
    assert np.array_equal(told[:, :net], ordinary[:, :net])
    assert (told[:, net] <= ordinary[:, net]).all()
    assert told[:, net].sum() < ordinary[:, net].sum()


def test_sleeping_dogs_shop_less_and_redeem_nothing(world: World, campaign: Contacts) -> None:
    dogs = campaign.member[planted.kinds(world, campaign.member, campaign.offer) == planted.SLEEPING_DOG]
    told, ordinary = _lines_of(_tell(world, campaign), dogs), _lines_of(_tell(world, responses.nobody()), dogs)
    assert len(told) < 0.95 * len(ordinary)
    assert (told[:, -1] == -1).all()


def test_persuadables_come_in_addition_for_an_item_of_the_offer(world: World, campaign: Contacts) -> None:
    told = _tell(world, campaign)
    extra = np.flatnonzero(told.baskets.trip > 0)
    found = planted.kinds(world, told.baskets.member[extra], told.baskets.offer[extra])
    assert len(extra) > 50
    assert (found == planted.PERSUADABLE).all()
    bought = np.isin(told.lines.basket, extra) & (told.lines.product == told.baskets.item[told.lines.basket])
    assert set(told.lines.basket[bought]) == set(extra)


def test_an_offer_is_redeemed_at_most_once_per_message(world: World, campaign: Contacts) -> None:
    told = _tell(world, campaign)
    redeemers = told.baskets.member[till.redeemed(told.lines)]
    assert len(redeemers) == len(set(redeemers))


def test_one_basket_takes_the_offer_of_the_earlier_message(world: World, campaign: Contacts) -> None:
    second = Contacts(campaign.member, (campaign.offer + 11) % 40, campaign.day + 1, campaign.channel, campaign.minute)
    alone, both = _brought(_tell(world, campaign)), _brought(_tell(world, campaign + second))
    kept = alone.keys() & both.keys()
    assert len(kept) > 50
    assert {shop: alone[shop] for shop in kept} == {shop: both[shop] for shop in kept}


def _brought(told: Shopping) -> dict[tuple[int, int], int]:
    """The offer that each ordinary shop, by member and day, brings to the till."""
    of = told.baskets.take((told.baskets.trip == 0) & (told.baskets.offer >= 0))
    return dict(zip(zip(of.member.tolist(), of.day.tolist(), strict=True), of.offer.tolist(), strict=True))
