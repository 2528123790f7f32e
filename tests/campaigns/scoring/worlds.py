"""Histories and members whose true response to every kind of offer is known."""

from collections.abc import Mapping

import numpy as np

from campaigns.scoring.history import HELD_OUT, History
from loyalty.profiling.table import Profiles
from tests.offers.rules.tables import profiles

DEPARTMENTS = ("Grocery", "Drinks", "Home")


def history(
    truth: Mapping[str, float],
    *,
    seed: int,
    per_cell: int,
    held_out: int | None = None,
    redemption: float = 0.1,
    runs: int = 1,
    noise: float = 5.0,
) -> History:
    """Members drawn at random to get an offer of a kind or to be held out; margins are skewed, with this deviation.

    An offer adds its truth times the member's affinity, and is redeemed with probability redemption × affinity.
    """
    rng = np.random.default_rng(seed)
    cells = [*((kind, per_cell) for kind in truth), (HELD_OUT, held_out or per_cell)]
    kind = np.concatenate([np.repeat([name], members * runs) for name, members in cells])
    members = len(kind)
    affinity = np.where(kind == HELD_OUT, 1.0, rng.gamma(2.0, 0.5, members))
    effect = np.array([truth.get(name, 0.0) for name in kind]) * affinity
    margin = rng.gamma(1.0, noise, members) + effect
    redeemed = (kind != HELD_OUT) & (rng.random(members) < redemption * affinity)
    return History(rng.integers(0, runs, members), kind, affinity, redeemed, margin)


def nothing() -> History:
    return History(*(np.array([], dtype=kind) for kind in (np.int64, np.str_, np.float64, np.bool_, np.float64)))


def members(count: int, *, seed: int) -> Profiles:
    """Members with an affinity for each department, a tenth of them unknown."""
    rng = np.random.default_rng(seed)
    affinity = rng.gamma(2.0, 0.5, (count, len(DEPARTMENTS)))
    affinity[rng.random(count) < 0.1] = np.nan
    return profiles(count, **{f"affinity:{name}": affinity[:, code] for code, name in enumerate(DEPARTMENTS)})
