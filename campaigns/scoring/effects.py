"""What offers of each kind earn: treated less held out in the same run, pulled together by how little is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.history import HELD_OUT, History

# Before any evidence an offer earns a little. How far it may be from that, and kinds from one another, is a share of
# what a held-out member earns us meanwhile: so neither the currency nor the length of the window matters.
PRIOR_EFFECT = 0.05
PRIOR_DEVIATION = 0.25
LEAST_SPREAD = 0.1
LEAST_MARGIN = 0.2
FEWEST = 30

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """Incremental margin per member offered, at the response of an average member, and its variance."""

    effect: float
    variance: float


def measured(history: History, response: Array, kinds: Sequence[str]) -> dict[str, Estimate]:
    """Each kind's effect over all runs, pooled by inverse variance; a kind is left out where no run can tell.

    `response` (m,) is each decision's; an effect is divided by the mean response of those it was measured on. A run can
    tell when it has FEWEST members on either side and their margins differ at all.
    """
    found: dict[str, list[Estimate]] = {kind: [] for kind in kinds}
    for run in np.unique(history.run):
        here = history.run == run
        own, margin, variance = history.kind[here], history.margin[here], _variance_within(history, here)
        for kind in kinds:
            estimate = _difference(margin, own == HELD_OUT, own == kind, response[here], variance)
            found[kind].extend([] if estimate is None else [estimate])
    return {kind: _pooled(estimates) for kind, estimates in found.items() if estimates}


def shrunk(found: Mapping[str, Estimate], kinds: Sequence[str], *, usual_margin: float) -> dict[str, Estimate]:
    """Every kind's effect, pulled towards what all kinds have in common, and that towards PRIOR_EFFECT.

    A normal-normal posterior mean (Morris, 1983, JASA 78) with the variance between kinds of DerSimonian and
    Laird (1986, Controlled Clinical Trials 7), which is never taken to be less than LEAST_SPREAD. A kind without a
    measurement gets what is common to all. `usual_margin` is what a held-out member earns us.
    """
    scale = max(usual_margin, LEAST_MARGIN)
    spread = max(_variance_between(list(found.values())), (LEAST_SPREAD * scale) ** 2)
    prior = Estimate(PRIOR_EFFECT, (PRIOR_DEVIATION * scale) ** 2)
    common = _pooled([prior, *(Estimate(each.effect, each.variance + spread) for each in found.values())])
    unmeasured = Estimate(common.effect, common.variance + spread)
    return {kind: _pooled([unmeasured, found[kind]]) if kind in found else unmeasured for kind in kinds}


def usual_margin(history: History) -> float:
    """The mean margin of the held out; 0 when there are none."""
    margin = history.margin[history.kind == HELD_OUT]
    return float(margin.mean()) if len(margin) else 0.0


def _difference(
    margin: Array, held_out: NDArray[np.bool_], given: NDArray[np.bool_], response: Array, variance: float
) -> Estimate | None:
    n1, n0 = int(given.sum()), int(held_out.sum())
    level = float(response[given].mean()) if n1 else 0.0
    if min(n1, n0) < FEWEST or variance <= 0 or level <= 0:
        return None
    effect = float(margin[given].mean() - margin[held_out].mean())
    return Estimate(effect / level, variance * (1 / n1 + 1 / n0) / level**2)


def _variance_within(history: History, here: NDArray[np.bool_]) -> float:
    """The variance of margins about the mean of their kind in one run: a few members alike do not make it certain."""
    _, cell = np.unique(history.kind[here], return_inverse=True)
    margin, members = history.margin[here], np.bincount(cell)
    residual = margin - (np.bincount(cell, weights=margin) / members)[cell]
    return float((residual**2).sum() / max(len(margin) - len(members), 1))


def _pooled(estimates: Sequence[Estimate]) -> Estimate:
    weights = np.array([1 / each.variance for each in estimates])
    effects = np.array([each.effect for each in estimates])
    return Estimate(float(weights @ effects / weights.sum()), float(1 / weights.sum()))


def _variance_between(estimates: Sequence[Estimate]) -> float:
    if len(estimates) < 2:
        return 0.0
    weights = np.array([1 / each.variance for each in estimates])
    effects = np.array([each.effect for each in estimates])
    excess = weights @ (effects - _pooled(estimates).effect) ** 2 - (len(estimates) - 1)
    return max(0.0, float(excess / (weights.sum() - (weights**2).sum() / weights.sum())))
