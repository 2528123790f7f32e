"""How each simulated member shops, and what moves them: traits that nobody but the world knows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from config.demo.retailer.catalogue import Catalogue
from config.demo.retailer.chance import Floats, Ints, ladder, uniforms

NEVER = 10**6  # a day that does not come

SHARE_WHO_NEVER_BUY = 0.05
SHARE_WHO_LAPSE = 0.30
SHARE_OF_LAPSED_WHO_RETURN = 0.5
SHARE_JOINED_BEFORE = 0.65


@dataclass(frozen=True, eq=False)
class Traits:
    """One row per member (n,); days count from 1970-01-01.

    `rate` is shops per day while active, `basket_size` the mean number of lines, `taste` (n, departments) the shares of
    their lines, `online` the share of shops that are not in a store. `sensitivity` to price, `weariness` of being
    written to and `attention` (the chance that a message is noticed) lie in (0, 1). They are away from
    `away_from` until `away_until`.
    """

    rate: Floats
    basket_size: Floats
    taste: Floats
    taste_steps: Floats
    online: Floats
    sensitivity: Floats
    weariness: Floats
    attention: Floats
    weekender: NDArray[np.int8]
    age: Ints
    joined: Ints
    away_from: Ints
    away_until: Ints
    home_store: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.rate)


def traits(seed: int, members: int, *, start: int, days: int, catalogue: Catalogue) -> Traits:
    """Draws the members of a world whose history begins on day `start` and is `days` long."""
    everyone = np.arange(members)

    def draw(what: str) -> Floats:
        return uniforms(f"{seed}|traits|{what}", everyone)

    taste = _taste(seed, members, catalogue.department_share)
    joined = _joined(draw("joined before"), draw("joined"), start=start, days=days)
    away_from, away_until = _absence(draw("lapses"), draw("away from"), draw("away for"), joined, start, days)
    age = 16 + np.floor(72 * draw("age") ** 1.35).astype(np.int64)
    return Traits(
        rate=np.where(draw("never buys") < SHARE_WHO_NEVER_BUY, 0.0, 0.0195 * np.exp(0.9 * ndtri(draw("rate")))),
        basket_size=1.4 + 2.9 * np.exp(0.45 * ndtri(draw("basket size")) - 0.1),
        taste=taste,
        taste_steps=ladder(taste),
        online=_online(draw("online"), draw("how much online"), age),
        sensitivity=draw("sensitivity"),
        weariness=draw("weariness"),
        attention=0.5 + 0.45 * draw("attention"),
        weekender=(draw("weekender") < 0.4).astype(np.int8),
        age=age,
        joined=joined,
        away_from=away_from,
        away_until=away_until,
        home_store=np.floor(len(catalogue.stores) * draw("home store") ** 1.3).astype(np.int8),
    )


def _taste(seed: int, members: int, department_share: Floats) -> Floats:
    departments = np.arange(len(department_share))
    leaning = ndtri(uniforms(f"{seed}|traits|taste", np.arange(members)[:, None], departments[None, :]))
    weights: Floats = department_share * np.exp(0.8 * leaning)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def _joined(before: Floats, when: Floats, *, start: int, days: int) -> Ints:
    earlier = start - 1 - np.floor(1500 * when)
    during = start + np.floor(days * when)
    return np.where(before < SHARE_JOINED_BEFORE, earlier, during).astype(np.int64)


def _absence(lapses: Floats, when: Floats, how_long: Floats, joined: Ints, start: int, days: int) -> tuple[Ints, Ints]:
    """First and last day of the one long absence that some members have; half of those come back from it."""
    earliest = np.maximum(joined, start) + 60
    latest = start + days + 180
    away_from = np.floor(earliest + when * np.maximum(latest - earliest, 1)).astype(np.int64)
    returns = lapses < SHARE_WHO_LAPSE * SHARE_OF_LAPSED_WHO_RETURN
    away_until = np.where(returns, away_from + 90 + np.floor(210 * how_long), NEVER).astype(np.int64)
    never_leaves = lapses >= SHARE_WHO_LAPSE
    return np.where(never_leaves, NEVER, away_from), away_until


def _online(kind: Floats, how_much: Floats, age: Ints) -> Floats:
    """Most shop in stores only, some both ways, a few nearly always online; the younger the likelier."""
    likelier = np.where(age < 45, 0.10, -0.05)
    mixed = np.where(kind < 0.30 + likelier, 0.2 + 0.6 * how_much, 0.0)
    return np.where(kind < 0.10 + likelier / 2, 0.95, mixed)
