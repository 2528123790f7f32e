"""A simulated retailer: who its members are, what it sells, and the chance that days bring."""

import datetime as dt
from dataclasses import dataclass

from numpy.typing import ArrayLike

from config.demo.retailer.catalogue import Catalogue, catalogue
from config.demo.retailer.chance import Floats, uniforms
from config.demo.retailer.members import Traits, traits
from config.demo.retailer.offer_book import OfferBook, offer_book

DAYS_OF_HISTORY = 730
CHANNELS = ("store", "online", "app", "email")
STORE, ONLINE, APP, EMAIL = range(len(CHANNELS))
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class World:
    """Everything in it follows from `seed`, the number of members and the first day; what days bring, from `luck` too.

    The history covers `days` days from `first_day`. With the same seed and another luck the same members, with the same
    planted responses, live through other days.
    """

    seed: int
    first_day: dt.date
    days: int
    catalogue: Catalogue
    offers: OfferBook
    traits: Traits
    luck: int = 0

    def __len__(self) -> int:
        return len(self.traits)

    @property
    def start(self) -> int:
        """The first day of the history, counted from 1970-01-01."""
        return day_number(self.first_day)

    @property
    def end(self) -> int:
        """The day after the last of the history."""
        return self.start + self.days

    def fixed(self, purpose: str, *counters: ArrayLike) -> Floats:
        """Uniforms that luck does not change."""
        return uniforms(f"{self.seed}|{purpose}", *counters)

    def chance(self, purpose: str, *counters: ArrayLike) -> Floats:
        """Uniforms that another luck draws anew."""
        return uniforms(f"{self.seed}|{self.luck}|{purpose}", *counters)


def create(seed: int, members: int, first_day: dt.date, *, days: int = DAYS_OF_HISTORY) -> World:
    """The world of a seed, with `members` members and `days` days of history from `first_day`."""
    shelves = catalogue()
    people = traits(seed, members, start=day_number(first_day), days=days, catalogue=shelves)
    return World(seed, first_day, days, shelves, offer_book(), people)


def day_number(day: dt.date) -> int:
    return (day - _EPOCH).days


def date_of(day: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=day)
