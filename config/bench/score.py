"""Scoring members against offers, beside one logistic regression of scikit-learn per offer on the same rows."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from campaigns.scoring import basis as bases
from campaigns.scoring import uplift, weighed
from campaigns.scoring.local import local
from campaigns.scoring.uplift import UpliftScorer
from campaigns.scoring.weighed import Way
from config.bench import planted, shoppers
from config.bench.frame import Contest, Job, Outcome, Say, Size, peak_mb
from loyalty.profiling.cores import share
from offers.rules.terms import TermsTable

BASELINE, OURS = "one predict_proba per offer", "one matrix product"
GOAL = 80.0
LARGEST_DIFFERENCE = 1e-6
MEMBERS_AT_ONCE = 2**19  # whose rows and probabilities are in memory, for both ways
ROWS_AT_ONCE = 2**12
TOLD_EVERY = 8  # parts
LEARNED_FROM = 20_000

Rows = np.ndarray


@dataclass(frozen=True, eq=False)
class Asked:
    """A scorer, the offers it is asked about for so many members, and the way it takes for as many."""

    scorer: UpliftScorer
    terms: TermsTable
    way: Way

    @classmethod
    def about(cls, scorer: UpliftScorer, terms: TermsTable, members: int) -> "Asked":
        known = scorer.weighed(terms, day=planted.DAY, contact_cost=planted.CONTACT_COST)
        return cls(scorer, terms, weighed.way(known, members=members))


@dataclass(frozen=True)
class Part:
    """Of so many members: the baseline's seconds and ours, those of ours where offers have departments, those of whole
    scores of such offers, and by how much probabilities differ at the most."""

    theirs: float
    ours: float
    by_department: float
    whole: float
    off: float
    members: int


def run(size: Size, say: Say) -> Outcome:
    """Redemption probabilities by one basis, both ways, one part of the members after the other. Beside it ours alone:
    the same for offers of departments, and whole scores.

    Both leave the probabilities of a part in memory, ours in the same place for each, for which predict_proba has no
    argument. How the rows of the basis come about is not timed.
    """
    say("learning a scorer")
    asked = _asked(size.offers, size.members)
    everybody = Asked.about(asked.scorer, _without_departments(asked.terms), size.members)
    room = np.full((min(size.members, MEMBERS_AT_ONCE), size.offers), np.nan, dtype=np.float32)
    compared = partial(_compared, asked, everybody, _one_each(everybody), room)
    passes = [_told(map(compared, _rows(asked, size.members)), say) for _ in range(size.repetitions)]
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


def _asked(offers: int, members: int) -> Asked:
    """Learned from offers of a small world, and asked about as many as wanted, of which most are new."""
    rng = np.random.default_rng(1)
    some = shoppers.profiles(LEARNED_FROM, rng)
    basis, world = bases.fitted(some), planted.world(1)
    learned = uplift.learn(planted.history(world, some, basis, rng), basis)
    return Asked.about(learned, planted.world(2, offers=offers).terms, members)


def _without_departments(terms: TermsTable) -> TermsTable:
    """The same offers, for which all members have the same basis."""
    return replace(terms, departments=[None] * len(terms))


def _one_each(everybody: Asked) -> list[LogisticRegression]:
    """Regressions on the general columns, with the scorer's own weights of offers without a department."""
    scorer = everybody.scorer
    weights = scorer.offers.rows(everybody.terms, day=planted.DAY) @ scorer.redemption
    return [_regression(each) for each in weights @ local(scorer.members, []).at_average().T]


def _regression(weights: np.ndarray) -> LogisticRegression:
    found = LogisticRegression()
    found.classes_, found.n_features_in_ = np.array([False, True]), len(weights)
    found.coef_, found.intercept_ = weights[None, :].astype(np.float32), np.zeros(1, dtype=np.float32)
    return found


def _rows(asked: Asked, members: int) -> Iterator[Rows]:
    for first in range(0, members, MEMBERS_AT_ONCE):
        some = shoppers.profiles(min(MEMBERS_AT_ONCE, members - first), np.random.default_rng([2, first]))
        yield np.ascontiguousarray(asked.scorer.members.rows(some))


def _told(parts: Iterable[Part], say: Say) -> list[Part]:
    found = []
    for part in parts:
        found.append(part)
        if len(found) % TOLD_EVERY == 0:
            theirs, ours, members = (
                sum(getattr(each, name) for each in found) for name in ("theirs", "ours", "members")
            )
            say(f"{members:,} members: {BASELINE} {theirs:.2f} s, {OURS} {ours:.3f} s")
    return found


def _compared(asked: Asked, everybody: Asked, one_each: list[LogisticRegression], whole_room: Rows, rows: Rows) -> Part:
    room = whole_room[: len(rows)]
    general = np.ascontiguousarray(rows[:, : asked.scorer.members.general])
    expected, theirs = _timed(lambda: [each.predict_proba(general) for each in one_each])
    _, ours = _timed(partial(_chances, everybody, general, room))
    off = max(float(np.abs(room[:, at] - each[:, 1]).max()) for at, each in enumerate(expected))
    del expected
    _, by_department = _timed(partial(_chances, asked, rows, room))
    _, whole = _timed(partial(_scores, asked, rows))
    return Part(theirs, ours, by_department, whole, off, len(rows))


def _chances(asked: Asked, rows: Rows, room: Rows) -> None:
    _in_blocks(lambda some: asked.way.chances(rows[some], room[some]), len(rows))


def _scores(asked: Asked, rows: Rows) -> None:
    _in_blocks(lambda some: float(asked.way.scores(rows[some]).value[0, 0]), len(rows))


def _in_blocks(work: Callable[[slice], object], members: int) -> None:
    """On all cores, each with a block of its own."""
    share(work, [slice(first, first + ROWS_AT_ONCE) for first in range(0, members, ROWS_AT_ONCE)])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _scored_alone(members: int, offers: int) -> None:
    asked = _asked(offers, members)
    for rows in _rows(asked, members):
        _scores(asked, rows)
