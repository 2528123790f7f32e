"""Learns a score, with what it takes for it to be right on members who were not learned from.

How strongly weights are held back is chosen by the loss on members left out. What was predicted for these also says by
how much all scores are too bold or too timid (Cox, 1958, Biometrika 45); that is put right within the weights, so that
scoring remains one matrix product.
"""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from campaigns.scoring import newton
from campaigns.scoring.intervals import Array, NotMeasured
from campaigns.scoring.links import Link
from campaigns.scoring.newton import Cases, Weights

FOLDS = 5
RIDGES = (1.0, 10.0, 100.0, 1_000.0)
# The ridge hardly matters where there are many rows: it is chosen on this many.
CHOSEN_ON = 50_000


def learnt(cases: Cases, link: Link, *, members: NDArray[np.integer]) -> Weights:
    """The weights that these cases teach; `members` (n,) tells whose each is, to leave out members and not cases.

    NotMeasured when the same came of all cases.
    """
    if _are_all_the_same(cases.came):
        raise NotMeasured("Nothing can be learned where the same came of all cases: take a longer period.")
    some = slice(0, None, -(-len(cases) // CHOSEN_ON))
    if _are_all_the_same(cases.came[some]):
        some = slice(None)
    _, member = np.unique(members[some], return_inverse=True)
    if member.max() + 1 < FOLDS:
        raise NotMeasured(f"Nothing can be learned from fewer than {FOLDS} members.")
    # Blocks are shared among the cores already: products that are spread as well would only wait for each other.
    with threadpool_limits(1, user_api="blas"):
        ridge, shift, slope = _tuned(cases.take(some), link, member % FOLDS)
        weights = newton.fitted(cases, link, ridge=ridge)
    level = weights.level * slope
    level[0] += shift
    return Weights(level, weights.slopes * slope)


def _are_all_the_same(came: Array) -> bool:
    return not len(came) or bool(came.min() == came.max())


def _tuned(cases: Cases, link: Link, fold: NDArray[np.integer]) -> tuple[float, float, float]:
    """The ridge that loses least on members left out, and the shift and slope that put right what it predicts."""
    found = {ridge: _left_out(cases, link, ridge, fold) for ridge in RIDGES}
    ridge = min(RIDGES, key=lambda each: float(link.loss(found[each], cases.came).mean()))
    shift, slope = _corrected(found[ridge], cases.came, link)
    # Where what was learned is the wrong way round for members left out, nothing was: all get the same.
    return (ridge, shift, slope) if slope > 0 else (ridge, *_corrected(np.zeros(len(cases)), cases.came, link))


def _corrected(added: Array, came: Array, link: Link) -> tuple[float, float]:
    """Shift and slope of what was added up that lose least."""
    right = newton.fitted(Cases.alike(added[:, None].astype(np.float32), came), link, ridge=RIDGES[0])
    return float(right.level[0]), float(right.slopes[0, 0])


def _left_out(cases: Cases, link: Link, ridge: float, fold: NDArray[np.integer]) -> Array:
    """(n,): what is added up for each case by those who did not learn from its fold."""
    added = np.zeros(len(cases))
    for each in np.unique(fold):
        out = fold == each
        added[out] = newton.fitted(cases.take(~out), link, ridge=ridge).added(cases.take(out))
    return added
