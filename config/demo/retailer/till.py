"""What an offer does to a basket at the till."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from config.demo.retailer.chance import Ints
from config.demo.retailer.purchases import Baskets, Lines
from config.demo.retailer.world import World


def redeem(world: World, shopped: Baskets, bought: Lines) -> Lines:
    """The lines after the offers that their baskets bring, with discounts to the cent and the offer used on each line.

    An offer is used on all lines of its department that are not returns, if the basket reaches its minimum spend.
    """
    used = _used(world, shopped, bought)
    base = np.where(used, bought.net, 0)
    off = _percent(world, shopped, bought, base) + _amount(world, shopped, bought, base)
    return replace(
        bought,
        net=bought.net - off,
        discount=bought.discount + off,
        margin=bought.margin - off,
        offer=np.where(used, shopped.offer[bought.basket], -1),
    )


def redeemed(bought: Lines) -> Ints:
    """The baskets in which an offer was used, ascending."""
    return np.unique(bought.basket[bought.offer >= 0])


def _used(world: World, shopped: Baskets, bought: Lines) -> NDArray[np.bool_]:
    book = world.offers
    spend = sums(np.where(bought.quantity > 0, bought.net, 0), bought.basket, len(shopped))
    brings = (shopped.offer >= 0) & book.redeemable[shopped.offer] & (spend >= book.minimum_spend[shopped.offer])
    department = book.department[shopped.offer[bought.basket]]
    on_offer = (department < 0) | (department == world.catalogue.department[bought.product])
    used: NDArray[np.bool_] = brings[bought.basket] & on_offer & (bought.quantity > 0)
    return used


def _percent(world: World, shopped: Baskets, bought: Lines, base: Ints) -> Ints:
    return (base * world.offers.percent[shopped.offer[bought.basket]] + 50) // 100


def _amount(world: World, shopped: Baskets, bought: Lines, base: Ints) -> Ints:
    """The amount, at most what the lines cost, shared over them by their net amounts without losing a cent."""
    total = sums(base, bought.basket, len(shopped))
    amount = np.minimum(world.offers.amount[shopped.offer], total)[bought.basket]
    before = (np.cumsum(total) - total)[bought.basket]
    reached = np.cumsum(base) - before
    whole = np.maximum(total, 1)[bought.basket]
    return reached * amount // whole - (reached - base) * amount // whole


def sums(amounts: Ints, basket: Ints, baskets: int) -> Ints:
    """Exact sums per basket; float64 carries whole numbers up to 2**53."""
    return np.bincount(basket, weights=amounts, minlength=baskets).astype(np.int64)
