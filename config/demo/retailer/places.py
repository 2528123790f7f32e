"""By which channel, in which store and at what time of day a basket is bought."""

from dataclasses import dataclass

import numpy as np

from config.demo.retailer.chance import Ints
from config.demo.retailer.purchases import Baskets
from config.demo.retailer.rows import Rows
from config.demo.retailer.world import APP, ONLINE, STORE, World

SHARE_OF_ONLINE_IN_APP = 0.4


@dataclass(frozen=True, eq=False)
class Places(Rows):
    """Per basket: a code into `world.CHANNELS`, a position into the stores (-1 none), minutes after midnight."""

    channel: Ints
    store: Ints
    minute: Ints


def places(world: World, shopped: Baskets) -> Places:
    """Follows the member's habits; open hours are kept, and no time falls into the hours that clocks skip."""
    who = (shopped.member, shopped.day, shopped.trip)
    remote = world.chance("remote", *who) < world.traits.online[shopped.member]
    by_app = world.chance("by app", *who) < SHARE_OF_ONLINE_IN_APP
    early, late = world.chance("early", *who), world.chance("late", *who)
    in_store = 7 * 60 + 30 + 440 * early + 360 * late  # a hump between 7:30 and 20:50
    at_home = 6 * 60 + 960 * late
    return Places(
        channel=np.where(remote, np.where(by_app, APP, ONLINE), STORE),
        store=np.where(remote, -1, _store(world, shopped)),
        minute=np.floor(np.where(remote, at_home, in_store)).astype(np.int64),
    )


def _store(world: World, shopped: Baskets) -> Ints:
    """The home store, and now and then another."""
    wanders = world.chance("wanders", shopped.member, shopped.day, shopped.trip)
    stores = len(world.catalogue.stores)
    elsewhere = np.floor(wanders / 0.15 * stores).astype(np.int64)
    return np.where(wanders < 0.15, elsewhere, world.traits.home_store[shopped.member])
