"""What members buy when nobody writes to them: who shops on which day, and what is in the basket.

Every member has a notebook of usual baskets; each shop takes one of its pages. That keeps the mean of anything that can
happen to a basket computable to the cent: it is the mean over the pages.
"""

from dataclasses import dataclass

import numpy as np

from config.demo.retailer.chance import Floats, Ints, climb
from config.demo.retailer.rows import Rows
from config.demo.retailer.world import World

PAGES = 24
LINES_AT_MOST = 30
DAYS_AT_ONCE = 28

# Monday to Sunday, for those who shop through the week and for those who shop at its end; the means are 1.
WEEK = np.array([[1.05, 1.0, 1.05, 1.1, 1.2, 1.0, 0.6], [0.5, 0.5, 0.55, 0.75, 1.4, 2.1, 1.2]])
QUANTITIES = np.array([-1, 1, 2, 3, 4])
QUANTITY_STEPS = np.array([0.003, 0.80, 0.94, 0.98, 1.0])


@dataclass(frozen=True, eq=False)
class Baskets(Rows):
    """One row per basket (b,), as positions into the world.

    `trip` tells baskets of one member and day apart, `page` is the page of the notebook, `item` a product bought on top
    of it (-1 none), `offer` the offer that the member brings to the till (-1 none).
    """

    member: Ints
    day: Ints
    trip: Ints
    page: Ints
    item: Ints
    offer: Ints


@dataclass(frozen=True, eq=False)
class Lines(Rows):
    """One row per line (l,), in the order of `basket`, a position into the baskets; money in cents.

    `offer` is the offer redeemed with the line (-1 none); `net` and `margin` are after every `discount`.
    """

    basket: Ints
    number: Ints
    product: Ints
    quantity: Ints
    net: Ints
    discount: Ints
    margin: Ints
    offer: Ints


def shopping_chance(world: World, member: Ints, day: Ints) -> Floats:
    """The chance that a member shops on a day, for broadcast members and days."""
    traits = world.traits
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    rhythm = np.where(traits.weekender[member] == 1, WEEK[1, weekday], WEEK[0, weekday])
    away = (day >= traits.away_from[member]) & (day < traits.away_until[member])
    active = (day >= traits.joined[member]) & ~away
    return np.where(active, np.minimum(traits.rate[member] * rhythm * season(day), 0.95), 0.0)


def season(day: Ints) -> Floats:
    """Quieter in summer, a peak before the turn of the year; about 1 in the mean."""
    phase = (day % 365.25) / 365.25
    factor: Floats = 0.97 + 0.06 * np.cos(2 * np.pi * phase) + 0.30 * np.exp(-(((phase - 0.96) / 0.025) ** 2))
    return factor


def baskets(world: World, since: int, until: int) -> Baskets:
    """The baskets of all members from day `since` to before day `until`, by day and then by member."""
    blocks = [
        _shops(world, np.arange(first, min(first + DAYS_AT_ONCE, until))) for first in range(since, until, DAYS_AT_ONCE)
    ]
    day, member = (np.concatenate([block[part] for block in blocks] or [np.empty(0, np.int64)]) for part in (0, 1))
    return usual(world, member, day)


def usual(world: World, member: Ints, day: Ints, *, trip: Ints | int = 0) -> Baskets:
    """A page of each member's notebook, drawn for the day and the trip."""
    page = np.floor(world.chance("page", member, day, trip) * PAGES).astype(np.int64)
    nothing = np.full(len(member), -1)
    return Baskets(member, day, np.broadcast_to(np.asarray(trip), page.shape), page, nothing, nothing)


def lines(world: World, shopped: Baskets) -> Lines:
    """The lines of baskets at the shelf's prices and promotions, before offers."""
    basket, number, item = _slots(world, shopped)
    member = shopped.member[basket]
    slot = (member * PAGES + shopped.page[basket]) * (LINES_AT_MOST + 1) + number
    department = climb(
        world.traits.taste_steps, member, world.fixed("department", slot), width=len(world.catalogue.departments)
    )
    usually = world.catalogue.pick(department, world.fixed("product", slot))
    product = np.where(item >= 0, item, usually)
    quantity = QUANTITIES[np.searchsorted(QUANTITY_STEPS, world.fixed("quantity", slot))]
    quantity = np.where(item >= 0, 1, quantity)
    promoted = world.fixed("promotion", slot) < 0.04 + 0.40 * world.traits.sensitivity[member]
    off = np.where(promoted & (quantity > 0) & (item < 0), world.catalogue.promotion[product], 0)
    return Lines(
        basket=basket,
        number=number,
        product=product,
        quantity=quantity,
        net=quantity * (world.catalogue.price[product] - off),
        discount=quantity * off,
        margin=quantity * (world.catalogue.unit_margin[product] - off),
        offer=np.full(len(basket), -1),
    )


def _shops(world: World, days: Ints) -> tuple[Ints, Ints]:
    """Days and members of the shops in a block of days."""
    members = np.arange(len(world))
    chance = shopping_chance(world, members[None, :], days[:, None])
    row, member = np.nonzero(world.chance("shops", days[:, None], members[None, :]) < chance)
    return days[row], member


def _slots(world: World, shopped: Baskets) -> tuple[Ints, Ints, Ints]:
    """Of each line: its basket, its number in it, and the item put on top where it is that one (else -1)."""
    mean = world.traits.basket_size[shopped.member]
    uniform = world.fixed("lines", shopped.member, shopped.page)
    # Geometric from 1 with the member's mean.
    usually = 1 + np.floor(np.log(uniform) / np.log1p(-1.0 / mean)).astype(np.int64)
    usually = np.minimum(usually, LINES_AT_MOST)
    count = usually + (shopped.item >= 0)
    basket = np.repeat(np.arange(len(shopped)), count)
    number = np.arange(len(basket)) - np.repeat(np.cumsum(count) - count, count)
    item = np.where(number == usually[basket], shopped.item[basket], -1)
    return basket, number, item
