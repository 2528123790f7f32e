"""How the response to an offer grows with affinity: proportionally, unless past redemptions say otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.history import HELD_OUT, History

MOST_AFFINITY = 4.0
BUCKETS = (0.0, 0.25, 0.75, 1.25, 1.75, 2.5, 3.5)
PRIOR_REDEMPTIONS = 50.0

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Response:
    """By which factor members of these affinities respond more than in proportion; straight lines in between."""

    affinity: Sequence[float]
    factor: Sequence[float]

    def at(self, affinity: NDArray[np.floating]) -> Array:
        """How many times an average member's the response is, at affinities of any shape; unknown (nan) is average."""
        known = bounded(affinity)
        return np.asarray(known * np.interp(known, self.affinity, self.factor))


PROPORTIONAL = Response((1.0,), (1.0,))


def bounded(affinity: NDArray[np.floating]) -> Array:
    """Between 0 and MOST_AFFINITY, beyond which a small department's share of spend says little; 1 where unknown."""
    return np.clip(np.nan_to_num(np.asarray(affinity, dtype=np.float64), nan=1.0), 0.0, MOST_AFFINITY)


def fitted(history: History) -> Response:
    """The response by bucket of affinity, from redemption shares.

    The factor of a bucket is (redeemed + PRIOR_REDEMPTIONS) / (expected in proportion + PRIOR_REDEMPTIONS): a
    gamma-Poisson mean (Clayton and Kaldor, 1987, Biometrics 43), which stays at 1 until there is evidence. What
    is expected rests on each kind's own redemptions, so that a bucket is not judged by the kinds it happened to get.
    """
    given = history.kind != HELD_OUT
    affinity, redeemed = bounded(history.affinity[given]), history.redeemed[given].astype(np.float64)
    _, kind = np.unique(history.kind[given], return_inverse=True)
    bucket = np.digitize(affinity, BUCKETS) - 1
    by_bucket = _summed(bucket, affinity)
    members = _summed(bucket, np.ones_like(affinity))
    expected = _summed(bucket, _rates(kind, affinity, redeemed)[kind] * affinity)
    centre = np.where(members > 0, by_bucket / np.maximum(members, 1), _middles())
    factor = (_summed(bucket, redeemed) + PRIOR_REDEMPTIONS) / (expected + PRIOR_REDEMPTIONS)
    return Response(tuple(centre.tolist()), tuple(factor.tolist()))


def _rates(kind: NDArray[np.intp], affinity: Array, redeemed: Array) -> Array:
    """Each kind's redemptions per unit of affinity."""
    exposed = np.bincount(kind, weights=affinity)
    return np.asarray(np.bincount(kind, weights=redeemed) / np.where(exposed > 0, exposed, 1.0))


def _summed(bucket: NDArray[np.intp], amounts: Array) -> Array:
    return np.asarray(np.bincount(bucket, weights=amounts, minlength=len(BUCKETS)), dtype=np.float64)


def _middles() -> Array:
    return np.asarray((np.array(BUCKETS) + np.array([*BUCKETS[1:], MOST_AFFINITY])) / 2)
