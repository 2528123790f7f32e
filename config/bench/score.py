"""Scoring members against offers, beside one logistic regression of scikit-learn per offer on the same rows."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from campaigns.scoring import basis as bases
from campaigns.scoring import uplift
from campaigns.scoring.local import local
from campaigns.scoring.uplift import UpliftScorer
from config.bench import planted, shoppers
from config.bench.frame import Contest, Job, Outcome, Say, Size, peak_mb
from loyalty.profiling.cores import share
from offers.rules.terms import TermsTable

BASELINE, OURS = "one predict_proba per offer", "one matrix product"
GOAL = 80.0
LARGEST_DIFFERENCE = 1e-6
MEMBERS_AT_ONCE = 2**19  # of whom the rows are in memory
ROWS_AT_ONCE = 2**15
LEARNED_FROM = 20_000

Rows = np.ndarray


@dataclass(frozen=True, eq=False)
class Asked:
    """A scorer, and the offers it is asked about: those it has learned from, and others."""

    scorer: UpliftScorer
    terms: TermsTable

    def probabilities(self, rows: Rows) -> Rows:
        return self.scorer.redeems(rows, self.terms, day=planted.DAY)

    def scores(self, rows: Rows) -> Rows:
        return self.scorer.scored(rows, self.terms, day=planted.DAY, contact_cost=planted.CONTACT_COST).value

    def for_everybody(self) -> "Asked":
        """The same offers without departments, so that all of them have the same basis."""
        return replace(self, terms=replace(self.terms, departments=[None] * len(self.terms)))


@dataclass(frozen=True)
class Part:
    """Of some members: the baseline's seconds and ours, those of ours where offers have departments, those of whole
    scores of such offers, and by how much probabilities differ at the most."""

    theirs: float
    ours: float
    by_department: float
    whole: float
    off: float


def run(size: Size, say: Say) -> Outcome:
    """Redemption probabilities by one basis, both ways, one part of the members after the other. Beside it ours alone:
    the same for offers of departments, and whole scores. How the rows of the basis come about is not timed."""
    say("learning a scorer")
    asked = _asked(size.offers)
    one_each = _one_each(asked)
    passes = [
        [_compared(asked, one_each, rows, say) for rows in _rows(asked, size.members)] for _ in range(size.repetitions)
    ]
    off = max(part.off for parts in passes for part in parts)
    theirs, ours, by_department, whole = (
        tuple(sum(getattr(part, name) for part in parts) for parts in passes)
        for name in ("theirs", "ours", "by_department", "whole")
    )
    return Contest((BASELINE, OURS), theirs, ours, off <= LARGEST_DIFFERENCE).outcome(
        "score",
        size,
        goal=GOAL,
        offers=size.offers,
        peak_mb=peak_mb(_scored_alone, min(size.members, MEMBERS_AT_ONCE), size.offers),
        figures={
            "largest_difference": off,
            "columns": asked.scorer.members.general,
            "by_department_seconds": round(median(by_department), 3),
            "by_department_times_as_fast": round(median(theirs) / median(by_department), 1),
            "value_expected_and_probability_seconds": round(median(whole), 3),
            "load_average": round(os.getloadavg()[0], 1),
        },
    )


JOB = Job(
    "score: all offers are scored 80 times as fast as by one predict_proba each, with the same probabilities", run
)


def _asked(offers: int) -> Asked:
    """Learned from offers of a small world, and asked about as many as wanted, of which most are new."""
    rng = np.random.default_rng(1)
    members = shoppers.profiles(LEARNED_FROM, rng)
    basis, world = bases.fitted(members), planted.world(1)
    learned = uplift.learn(planted.history(world, members, basis, rng), basis)
    return Asked(learned, planted.world(2, offers=offers).terms)


def _one_each(asked: Asked) -> list[LogisticRegression]:
    """Regressions on the general columns, with the scorer's own weights of offers without a department."""
    weights = asked.scorer.offers.rows(asked.for_everybody().terms, day=planted.DAY) @ asked.scorer.redemption
    return [_regression(each) for each in weights @ local(asked.scorer.members, []).at_average().T]


def _regression(weights: np.ndarray) -> LogisticRegression:
    found = LogisticRegression()
    found.classes_, found.n_features_in_ = np.array([False, True]), len(weights)
    found.coef_, found.intercept_ = weights[None, :].astype(np.float32), np.zeros(1, dtype=np.float32)
    return found


def _rows(asked: Asked, members: int) -> Iterator[Rows]:
    for first in range(0, members, MEMBERS_AT_ONCE):
        some = shoppers.profiles(min(MEMBERS_AT_ONCE, members - first), np.random.default_rng([2, first]))
        yield np.ascontiguousarray(asked.scorer.members.rows(some))


def _compared(asked: Asked, one_each: list[LogisticRegression], rows: Rows, say: Say) -> Part:
    general = np.ascontiguousarray(rows[:, : asked.scorer.members.general])
    expected, theirs = _timed(lambda: [each.predict_proba(general) for each in one_each])
    probabilities, ours = _timed(partial(_in_blocks, asked.for_everybody().probabilities, rows))
    found = np.concatenate(probabilities)
    off = max(float(np.abs(found[:, at] - each[:, 1]).max()) for at, each in enumerate(expected))
    del expected, found, probabilities
    _, by_department = _timed(partial(_in_blocks, asked.probabilities, rows))
    _, whole = _timed(partial(_in_blocks, asked.scores, rows))
    say(f"{len(rows):,} members: {BASELINE} {theirs:.2f} s, {OURS} {ours:.3f} s, largest difference {off:.1e}")
    return Part(theirs, ours, by_department, whole, off)


def _in_blocks(work: Callable[[Rows], Rows], rows: Rows) -> list[Rows]:
    """On all cores, each with a block of its own."""
    with threadpool_limits(1, user_api="blas"):
        return share(work, [rows[first : first + ROWS_AT_ONCE] for first in range(0, len(rows), ROWS_AT_ONCE)])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _scored_alone(members: int, offers: int) -> None:
    asked = _asked(offers)
    for rows in _rows(asked, members):
        _in_blocks(asked.scores, rows)
