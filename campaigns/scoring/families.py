"""Which weights are shrunk together, how far they are believed to vary before any evidence, and about what."""

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.local import Local
from campaigns.scoring.offering import LEVELS, Offering
from campaigns.scoring.shrinkage import Families

PARTS = ("everybody", "member", "affinity", "response")

# By level and part, as shares of a scale, such as what a member earns us meanwhile; 0 for no weights. What members do
# is weighed by all offers together, by kind, and by each offer; numbers and departments only shift an effect, or how it
# grows with affinity.
BELIEVED = {
    "any": (0.050, 0.025, 0.050, 0.025),
    "kind": (0.050, 0.015, 0.050, 0.015),
    "number": (0.025, 0.000, 0.025, 0.000),
    "department": (0.025, 0.000, 0.025, 0.000),
    "offer": (0.025, 0.015, 0.025, 0.015),
}


def families(
    offering: Offering, local: Local, *, scale: float, everybody: float = 0.0, per_affinity: float = 0.0
) -> Families:
    """Of the weights (f, c), per level of `offering` and part of local rows. Beforehand an offer of any kind gives
    `everybody` + `per_affinity` × affinity, in the units of `scale`."""
    part = _parts(local)
    believed = np.array([BELIEVED[level] for level in LEVELS]) * scale
    of = (offering.levels[:, None] * len(PARTS) + part[None, :]).astype(np.int8)
    of[believed[offering.levels][:, part] == 0] = -1
    mean = np.zeros(of.shape)
    mean[0, 0], mean[0, local.general] = everybody, per_affinity
    deviations = believed.ravel()
    return Families(of, np.where(deviations > 0, deviations, 1.0) ** 2, mean)


def of_new_offer(variances: NDArray[np.float64], local: Local) -> NDArray[np.float64]:
    """(c,): the variances of the weights that an offer never given would have of its own."""
    own = variances.reshape(len(LEVELS), len(PARTS))[LEVELS.index("offer")]
    return np.asarray(own[_parts(local)])


def _parts(local: Local) -> NDArray[np.intp]:
    """(c,) positions in PARTS: A and √A alone are of affinity, multiplied with what members do they are responses."""
    everybody, member, affinity, response = range(len(PARTS))
    general = [everybody] + [member] * (local.general - 1)
    multiplied = [[affinity] + [response] * (size - 1) for size in (local.proportional, local.responding)]
    return np.array([*general, *multiplied[0], *multiplied[1]], dtype=np.intp)
