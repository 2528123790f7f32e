"""The planted effect of writing to a member: the exact mean of what `responses` draws."""

from typing import NamedTuple

import numpy as np

from config.demo.retailer import planted, purchases, till
from config.demo.retailer.chance import Floats, Ints
from config.demo.retailer.world import World

PAIRS_AT_ONCE = 4096


class Truth(NamedTuple):
    """Expected change per pair of member and offer (p,): spend and margin in currency units, both after discounts.

    `redemptions` is the expected number of redeemed baskets; what each costs beyond the till is not in the margin.
    """

    spend: Floats
    margin: Floats
    redemptions: Floats


class Receipt(NamedTuple):
    """Means over a member's notebook (p,): amounts in cents, and the share of pages on which the offer is redeemed."""

    net: Floats
    margin: Floats
    off: Floats
    redeemed: Floats


def truth(world: World, member: Ints, offer: Ints, *, sent: Ints | int, days: int = planted.EFFECT_DAYS) -> Truth:
    """The effect, over `days` days from day `sent`, of sending each member its offer that day; one row per pair.

    Holds for members who get no other message in those days. An `offer` of -1 is no message, with no effect.
    """
    sent = np.broadcast_to(np.asarray(sent), member.shape)
    found = np.where(offer >= 0, planted.kinds(world, member, np.maximum(offer, 0)), planted.LOST_CAUSE)
    change = np.zeros((3, len(member)))
    for kind, effect in _EFFECTS.items():
        rows = np.flatnonzero(found == kind)
        for block in np.split(rows, range(PAIRS_AT_ONCE, len(rows), PAIRS_AT_ONCE)):
            change[:, block] = effect(world, member[block], offer[block], sent[block], days)
    change *= world.traits.attention[member]
    return Truth(spend=change[0] / 100, margin=change[1] / 100, redemptions=change[2])


def _persuadable(world: World, member: Ints, offer: Ints, _sent: Ints, days: int) -> Floats:
    trips = planted.trip_chance(world, member, offer) * planted.TRIP_BY_DAY[min(days, planted.EFFECT_DAYS) - 1]
    receipt = _mean_receipt(world, member, offer=offer, item=planted.item(world, member, offer))
    change: Floats = trips * np.stack([receipt.net, receipt.margin, receipt.redeemed])
    return change


def _sure_thing(world: World, member: Ints, offer: Ints, sent: Ints, days: int) -> Floats:
    shops = 1 - np.prod(1 - _chances(world, member, sent, days), axis=1)
    receipt = _mean_receipt(world, member, offer=offer)
    change: Floats = shops * np.stack([-receipt.off, -receipt.off, receipt.redeemed])
    return change


def _sleeping_dog(world: World, member: Ints, offer: Ints, sent: Ints, days: int) -> Floats:
    lost = planted.SHARE_OF_SHOPS_LOST * _chances(world, member, sent, days).sum(axis=1)
    receipt = _mean_receipt(world, member, offer=np.full_like(offer, -1))
    change: Floats = -lost * np.stack([receipt.net, receipt.margin, receipt.redeemed])
    return change


_EFFECTS = {
    planted.PERSUADABLE: _persuadable,
    planted.SURE_THING: _sure_thing,
    planted.SLEEPING_DOG: _sleeping_dog,
}


def _chances(world: World, member: Ints, sent: Ints, days: int) -> Floats:
    """The chance of an ordinary shop on each day of the effect, (p, days of effect)."""
    offsets = np.arange(1, min(days, planted.EFFECT_DAYS))
    return purchases.shopping_chance(world, member[:, None], sent[:, None] + offsets[None, :])


def _mean_receipt(world: World, member: Ints, *, offer: Ints, item: Ints | None = None) -> Receipt:
    """The mean over all pages of each member's notebook, with the offer and, where given, the item on top."""
    pages = purchases.PAGES
    shopped = purchases.Baskets(
        member=np.repeat(member, pages),
        day=np.zeros(len(member) * pages, np.int64),
        trip=np.zeros(len(member) * pages, np.int64),
        page=np.tile(np.arange(pages), len(member)),
        item=np.repeat(np.full_like(member, -1) if item is None else item, pages),
        offer=np.repeat(offer, pages),
    )
    before = purchases.lines(world, shopped)
    after = till.redeem(world, shopped, before)

    def mean(amounts: Ints) -> Floats:
        return np.bincount(after.basket // pages, weights=amounts, minlength=len(member)) / pages

    redeemed = np.bincount(till.redeemed(after) // pages, minlength=len(member)) / pages
    return Receipt(mean(after.net), mean(after.margin), mean(before.net - after.net), redeemed)
