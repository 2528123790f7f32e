"""How eager members are, learned from past random decisions: one effect for all offers, as a product.

    margin − E[margin | member] = (√A given − √A expected) exp(b·θ) + (given − expected) b·φ + noise

with A the affinity for an offer's department, the members' general columns b, and those of them φ that tell whom an
offer costs something. It is to shape a column of the basis; what each offer changes is learned with it, as a matrix
(`uplift`). So the root of the product is enough, which is less bold where few members are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from campaigns.scoring.basis import Basis
from campaigns.scoring.draws import NOTHING, Draws
from campaigns.scoring.eagerness import Eagerness
from campaigns.scoring.effects import PRIOR_EFFECT
from campaigns.scoring.equations import blocks
from campaigns.scoring.history import History
from campaigns.scoring.local import affinity_columns
from campaigns.scoring.surprise import surprise

MOST_DECISIONS = 1_000_000
# How far weights are believed to be from 0: those of the logarithm, its level, and those of what an offer costs, the
# last as shares of what a member earns us meanwhile.
LOGARITHM, LEVEL, COSTS = 0.2, 2.0, 0.02
BELOW, ABOVE = 6.0, 3.0  # how far the logarithm goes from what is believed of everybody
STEPS, SETTLED = 25, 0.5
DAMPING, MOST_DAMPING = 1e-3, 1e4

Array = NDArray[np.float64]
Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Evidence:
    """Of m decisions: general columns (m, g), of which the first q tell costs; how much more was earned than expected,
    1 over its variance, and what was given less what chance gives on average, by √affinity and by count (m,)."""

    rows: Rows
    costs: int
    residual: Array
    weight: Array
    appeal: Array
    given: Array


@dataclass(frozen=True, eq=False)
class _Prior:
    """Of the weights (g + q): their mean and 1 over their variance; what the logarithm is held between."""

    mean: Array
    precision: Array
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class _Seen:
    """At some weights: how badly they fit, twice the slope of that downwards, and how it bends."""

    misfit: float
    slope: Array
    gram: Array


def learned(history: History, draws: Draws, members: Basis, *, scale: float) -> Eagerness:
    """By Gauss-Newton steps, damped (Marquardt, 1963, SIAM 11), from the draws of that history, whose rows are of the
    plain basis `members`; by MOST_DECISIONS at the most. `scale` is what a member earns us meanwhile."""
    some = np.arange(0, len(history), max(1, len(history) // MOST_DECISIONS))
    evidence = _evidence(history, draws, members, some)
    prior = _prior(members, scale)
    weights = _settled(evidence, prior)[: members.general]
    half = evidence.rows @ (weights / 2).astype(np.float32)
    level = float(np.log(np.exp(np.clip(half, prior.low / 2, prior.high / 2), dtype=np.float64).mean()))
    weights = weights / 2
    weights[0] -= level  # the column of everybody is 1
    return Eagerness(tuple(weights.tolist()), prior.low / 2 - level, prior.high / 2 - level)


def _prior(members: Basis, scale: float) -> _Prior:
    level = float(np.log(PRIOR_EFFECT * scale))
    mean = np.zeros(members.general + members.proportional)
    mean[0] = level
    spread = np.repeat([LOGARITHM, COSTS * scale], [members.general, members.proportional])
    spread[0] = LEVEL
    return _Prior(mean, spread**-2.0, level - BELOW, level + ABOVE)


def _evidence(history: History, draws: Draws, members: Basis, some: NDArray[np.intp]) -> _Evidence:
    rows = np.ascontiguousarray(draws.basis[some])
    residual, weight = np.empty(len(some)), np.empty(len(some))
    for run in np.unique(history.run[some]):
        of_run = np.flatnonzero(history.run[some] == run)
        found = surprise(rows[of_run], history.margin[some[of_run]])
        residual[of_run], weight[of_run] = found.residual, found.weight
    appeal, given = _contrasts(draws, members, some)
    return _Evidence(
        np.ascontiguousarray(rows[:, : members.general]), members.proportional, residual, weight, appeal, given
    )


def _contrasts(draws: Draws, members: Basis, some: NDArray[np.intp]) -> tuple[Array, Array]:
    columns = affinity_columns(members, draws.offers.departments)
    appeal, given = np.empty(len(some)), np.empty(len(some))
    for block in blocks(np.arange(len(some))):
        of = some[block]
        root, chances = np.sqrt(draws.basis[of][:, columns]), draws.chances[draws.design[of]]
        is_given = draws.offer[of] != NOTHING
        own = np.where(is_given, root[np.arange(len(of)), draws.offer[of]], 0)
        appeal[block] = own - (chances * root).sum(axis=1)
        given[block] = is_given - chances.sum(axis=1)
    return appeal, given


def _settled(evidence: _Evidence, prior: _Prior) -> Array:
    now, damping = prior.mean, DAMPING
    found = _seen(evidence, prior, now)
    for _ in range(STEPS):
        bent = found.gram + damping * np.diag(np.diag(found.gram))
        tried_at = now + linalg.solve(bent, found.slope, assume_a="pos")
        tried = _seen(evidence, prior, tried_at)
        if not tried.misfit < found.misfit:
            damping *= 10
            if damping > MOST_DAMPING:
                break
            continue
        gained = found.misfit - tried.misfit
        now, found, damping = tried_at, tried, damping / 10
        if gained < SETTLED:
            break
    return now


def _seen(evidence: _Evidence, prior: _Prior, weights: Array) -> _Seen:
    off = weights - prior.mean
    misfit, slope = float(prior.precision @ off**2), -prior.precision * off
    gram = np.diag(prior.precision)
    for some in blocks(np.arange(len(evidence.rows))):
        residual, slopes = _linear(evidence, prior, weights, some)
        misfit += float(residual @ residual)
        slope += slopes.T @ residual.astype(np.float32)
        gram += slopes.T @ slopes
    return _Seen(misfit, slope, gram)


def _linear(evidence: _Evidence, prior: _Prior, weights: Array, some: NDArray[np.intp]) -> tuple[Array, Rows]:
    """Of some decisions: the residuals (m,) that weights leave, with a variance of 1, and how each weight moves what
    is predicted (m, g + q)."""
    rows, general = evidence.rows[some], evidence.rows.shape[1]
    logarithm = rows @ weights[:general].astype(np.float32)
    product = evidence.appeal[some] * np.exp(np.clip(logarithm, prior.low, prior.high))
    costs = evidence.given[some] * (rows[:, : evidence.costs] @ weights[general:])
    root = np.sqrt(evidence.weight[some])
    is_held = (logarithm <= prior.low) | (logarithm >= prior.high)
    moved = np.where(is_held, 0.0, product) * root
    slopes = [rows * moved[:, None].astype(np.float32)]
    slopes.append(rows[:, : evidence.costs] * (evidence.given[some] * root)[:, None].astype(np.float32))
    return root * (evidence.residual[some] - product - costs), np.hstack(slopes)
