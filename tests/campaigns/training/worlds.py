"""Past decisions in arrays, of members of whom it is known what offers change."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from campaigns.training.past import Past
from loyalty.profiling import dictionary
from loyalty.profiling.table import Profiles
from offers.rules.terms import TermsTable
from tests.offers.rules.tables import profiles, terms

FIRST = dt.date(2026, 1, 5)
HELD_OUT = 1 / 3

Effect = Callable[[np.ndarray], np.ndarray]


def nothing(affinity: np.ndarray) -> np.ndarray:
    return np.zeros(len(affinity))


def newcomers_only(affinity: np.ndarray) -> np.ndarray:
    """Offers win who buys none of it; those who buy it anyway buy less at full price."""
    return 2.0 - 2.0 * affinity


def past(number: int, effect: Effect, *, members: int = 1_500, seed: int = 1) -> Past:
    """A run in which two offers of one department are drawn at random, and a third gets nothing."""
    rng = np.random.default_rng([seed, number])
    affinity = rng.gamma(2.0, 0.5, members)
    spend = rng.gamma(2.0, 20.0, members)
    known = {"affinity:Coffee": affinity, "spend_90": spend, "recency_days": rng.gamma(2.0, 9.0, members)}
    offer = rng.integers(-1, 2, members).astype(np.int32)
    adds = np.where(offer >= 0, effect(affinity), 0.0)
    day = FIRST + dt.timedelta(days=30 * number)
    return Past(
        run=number + 1,
        day=day,
        until=dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=14),
        offer=offer,
        design=np.zeros(members, dtype=np.int32),
        chances=np.full((1, 2), HELD_OUT),
        redeemed=(offer >= 0) & (rng.random(members) < np.where(adds > 0, 0.4, 0.1)),
        margin=0.1 * spend + rng.gamma(1.0, 3.0, members) + adds,
        everyone=_relevant(profiles(members, **known)),
        rows=np.arange(members),
        terms=offers(),
    )


def offers() -> TermsTable:
    return terms(2, kinds=["points", "information"], departments=["Coffee", "Coffee"])


def _relevant(members: Profiles) -> Profiles:
    """What is known of members may decide which offer they get."""
    told = {name: replace(each, purpose=dictionary.RELEVANCE) for name, each in members.features.items()}
    return replace(members, features=told)
