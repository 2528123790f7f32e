"""What members do besides buying: messages opened, offers seen and redeemed, pages looked at before an online shop."""

from dataclasses import dataclass

import numpy as np

from config.demo.retailer import planted, till
from config.demo.retailer.chance import Ints
from config.demo.retailer.people import personalisation_refused
from config.demo.retailer.places import places
from config.demo.retailer.responses import Contacts, Shopping, noticed
from config.demo.retailer.rows import Rows
from config.demo.retailer.world import APP, EMAIL, STORE, World

KINDS = ("open", "click", "offer_viewed", "offer_completed", "visit", "view")
OPEN, CLICK, OFFER_VIEWED, OFFER_COMPLETED, VISIT, VIEW = range(len(KINDS))
READ_WITHIN_MINUTES = 840
LAST_MINUTE = 24 * 60 - 1


@dataclass(frozen=True, eq=False)
class Events(Rows):
    """One row per event (e,), as positions into the world; -1 where it has no product or no offer.

    `trip` tells events of one member, day, kind and channel apart; `channel` is a code into `world.CHANNELS`.
    """

    member: Ints
    day: Ints
    minute: Ints
    kind: Ints
    channel: Ints
    trip: Ints
    product: Ints
    offer: Ints


def events(world: World, sent: Contacts, shopped: Shopping, *, since: int, until: int) -> Events:
    """The events from day `since` to before day `until` of what was sent and bought in those days, by time.

    Whoever refused to be chosen for personally is not followed: of them only what they redeemed is known.
    """
    is_followed = ~personalisation_refused(world)[sent.member]
    within = sent.take(is_followed & (sent.day >= since) & (sent.day < until))
    happened = _reading(world, within) + _redeeming(world, shopped) + _browsing(world, shopped)
    order = np.lexsort((happened.kind, happened.trip, happened.member, happened.minute, happened.day))
    return happened.take(order)


def _reading(world: World, sent: Contacts) -> Events:
    """A noticed e-mail is opened, and clicked by those whom it moves; a noticed card in the app is seen."""
    heard = sent.take(noticed(world, sent))
    email, app = heard.take(heard.channel == EMAIL), heard.take(heard.channel == APP)
    kinds = planted.kinds(world, email.member, email.offer)
    clicked = email.take((kinds == planted.PERSUADABLE) | (kinds == planted.SURE_THING))
    return (
        _of_messages(world, email, OPEN, 0)
        + _of_messages(world, clicked, CLICK, 2)
        + _of_messages(world, app, OFFER_VIEWED, 0)
    )


def _of_messages(world: World, sent: Contacts, kind: int, delay: int) -> Events:
    """Read on the day it came; what comes late in the evening, at its last minute at the latest."""
    wait = world.chance("reads after", sent.member, sent.offer, sent.day) ** 3 * READ_WITHIN_MINUTES
    return Events(
        member=sent.member,
        day=sent.day,
        minute=np.minimum(sent.minute + 1 + delay + np.floor(wait).astype(np.int64), LAST_MINUTE),
        kind=np.full(len(sent), kind),
        channel=sent.channel,
        trip=1 + planted.EFFECT_DAYS * sent.offer,
        product=np.full(len(sent), -1),
        offer=sent.offer,
    )


def _redeeming(world: World, shopped: Shopping) -> Events:
    basket = till.redeemed(shopped.lines)
    return _of_baskets(world, shopped, basket, OFFER_COMPLETED, 0)


def _browsing(world: World, shopped: Shopping) -> Events:
    """Before a shop that is not in a store: a visit, and a look at the first product in the basket."""
    is_followed = ~personalisation_refused(world)[shopped.baskets.member]
    remote = np.flatnonzero(is_followed & (places(world, shopped.baskets).channel != STORE))
    return _of_baskets(world, shopped, remote, VISIT, -15) + _of_baskets(world, shopped, remote, VIEW, -10)


def _of_baskets(world: World, shopped: Shopping, basket: Ints, kind: int, delay: int) -> Events:
    chosen = shopped.baskets.take(basket)
    place = places(world, chosen)
    first = shopped.lines.product[np.searchsorted(shopped.lines.basket, basket)]
    return Events(
        member=chosen.member,
        day=chosen.day,
        minute=place.minute + delay,
        kind=np.full(len(chosen), kind),
        channel=place.channel,
        trip=chosen.trip,
        product=first if kind == VIEW else np.full(len(chosen), -1),
        offer=chosen.offer if kind == OFFER_COMPLETED else np.full(len(chosen), -1),
    )
