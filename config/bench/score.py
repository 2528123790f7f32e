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
from campaigns.scoring import filling, packed, uplift, weighed
from campaigns.scoring.local import local
from campaigns.scoring.uplift import UpliftScorer
from campaigns.scoring.weighed import Way, Weighed
from config.bench import planted, shoppers
from config.bench.frame import Contest, Job, Outcome, Say, Size, peak_mb
from config.bench.memory import pass_by
from loyalty.profiling.cores import share
from loyalty.profiling.table import Profiles
from offers.rules.terms import TermsTable

BASELINE, OURS = "one predict_proba per offer", "one matrix product"
GOAL = 80.0
LARGEST_DIFFERENCE = 1e-6
MEMBERS_AT_ONCE = 2**19  # whose rows and probabilities are in memory, for both ways
ROWS_AT_ONCE = 2**14
PROFILES_AT_ONCE = 2**13  # as a run does
DIFFERENT = 1e-3  # of a weight, by which no two offers share it
TOLD_EVERY = 8  # parts
LEARNED_FROM = 20_000

Rows = np.ndarray


@dataclass(frozen=True, eq=False)
class Asked:
    """A scorer, the offers it is asked about for so many members, what is known of these, what makes rows of the
    basis, and the way they are scored."""

    scorer: UpliftScorer
    terms: TermsTable
    known: Weighed
    rows: Callable[[Profiles], Rows]
    way: Way

    @classmethod
    def about(cls, scorer: UpliftScorer, terms: TermsTable, members: int) -> "Asked":
        known = scorer.weighed(terms, day=planted.DAY, contact_cost=planted.CONTACT_COST)
        rows = filling.way(scorer.members, pairs=members * len(terms))
        return cls(scorer, terms, known, rows, weighed.way(known, members=members))

    def with_weights_of_their_own(self, members: int) -> "Asked":
        """As if all offers had been given before, so that none has the weights of its kind."""
        own = self.known.redemption * (1 + DIFFERENT * np.arange(len(self.known)))[:, None]
        known = replace(self.known, redemption=own)
        return replace(self, known=known, way=weighed.way(known, members=members))


@dataclass(frozen=True)
class Part:
    """Of so many members, seconds: the baseline's and ours; what memory alone takes; ours where no two offers share
    weights, and where offers have departments; and whole scores of the latter, of rows and from profiles on. By how
    much probabilities differ at the most."""

    theirs: float
    ours: float
    memory: float
    own_weights: float
    by_department: float
    whole: float
    from_profiles: float
    off: float
    members: int


def run(size: Size, say: Say) -> Outcome:
    """Redemption probabilities by one basis, both ways, one part of the members after the other. Beside it ours alone:
    the same for offers that share no weights and for offers of departments, and whole scores, also as a run has them,
    from profiles on and a few members at a time; and memory alone.

    Both leave the probabilities of a part in memory, ours in the same place for each, for which predict_proba has no
    argument. Both find rows in the order in memory that suits them: predict_proba row after row, ours column after
    column, as the basis makes them. How these rows come about is not timed.
    """
    say("learning a scorer")
    asked = _asked(size.offers, size.members)
    everybody = Asked.about(asked.scorer, _without_departments(asked.terms), size.members)
    compared = partial(_compared, asked, everybody, everybody.with_weights_of_their_own(size.members))
    place = partial(compared, _one_each(everybody), packed.room(min(size.members, MEMBERS_AT_ONCE), size.offers))
    passes = [_told(map(place, _parts(size.members)), say) for _ in range(size.repetitions)]
    off = float(np.max([part.off for parts in passes for part in parts]))
    theirs, ours = (_of_each(passes, name) for name in ("theirs", "ours"))
    return Contest((BASELINE, OURS), theirs, ours, off <= LARGEST_DIFFERENCE).outcome(
        "score",
        size,
        goal=GOAL,
        offers=size.offers,
        peak_mb=peak_mb(_scored_alone, min(size.members, MEMBERS_AT_ONCE), size.offers),
        figures={
            "largest_difference": off,
            "columns": asked.scorer.members.general,
            "different_weights": _different(everybody),
            **_beside(passes),
            "load_average": round(os.getloadavg()[0], 1),
        },
    )


def _of_each(passes: list[list[Part]], name: str) -> tuple[float, ...]:
    return tuple(sum(getattr(part, name) for part in parts) for parts in passes)


def _beside(passes: list[list[Part]]) -> dict[str, float]:
    theirs, ours, memory, own_weights, by_department, whole, from_profiles = (
        median(_of_each(passes, name))
        for name in ("theirs", "ours", "memory", "own_weights", "by_department", "whole", "from_profiles")
    )
    return {
        "memory_floor_seconds": round(memory, 3),
        "times_the_memory_floor": round(ours / memory, 2),
        "memory_floor_times_as_fast": round(theirs / memory, 1),
        "own_weights_seconds": round(own_weights, 3),
        "own_weights_times_as_fast": round(theirs / own_weights, 1),
        "by_department_seconds": round(by_department, 3),
        "by_department_times_as_fast": round(theirs / by_department, 1),
        "value_expected_and_probability_seconds": round(whole, 3),
        "from_profiles_to_these_seconds": round(from_profiles, 3),
    }


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


def _different(everybody: Asked) -> int:
    """Of the offers' weights, beside what each adds for all members alike."""
    return len(np.unique(_general(everybody)[:, 1:].astype(np.float32), axis=0))


def _general(everybody: Asked) -> np.ndarray:
    """(k, g): the scorer's own weights of the general columns for offers without a department."""
    return np.asarray(everybody.known.redemption @ local(everybody.scorer.members, []).at_average().T)


def _one_each(everybody: Asked) -> list[LogisticRegression]:
    return [_regression(each) for each in _general(everybody)]


def _regression(weights: np.ndarray) -> LogisticRegression:
    found = LogisticRegression()
    found.classes_, found.n_features_in_ = np.array([False, True]), len(weights)
    found.coef_, found.intercept_ = weights[None, :].astype(np.float32), np.zeros(1, dtype=np.float32)
    return found


def _parts(members: int) -> Iterator[Profiles]:
    for first in range(0, members, MEMBERS_AT_ONCE):
        yield shoppers.profiles(min(MEMBERS_AT_ONCE, members - first), np.random.default_rng([2, first]))


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


def _compared(
    asked: Asked, everybody: Asked, own: Asked, one_each: list[LogisticRegression], whole_room: Rows, some: Profiles
) -> Part:
    rows = asked.rows(some)
    room, columns = whole_room[: len(rows)], rows[:, : asked.scorer.members.general]
    into_room = (
        partial(_pass_by, columns, room),
        partial(_chances, own, columns, room),
        partial(_chances, asked, rows, room),
    )
    memory, own_weights, by_department = (_timed(work)[1] for work in into_room)
    room[:] = np.nan  # some time before ours, or that would wait while this is still being written to memory
    elsewhere = partial(_scores, asked, rows), partial(_scores_from, asked, some)
    whole, from_profiles = (_timed(work)[1] for work in elsewhere)
    _, ours = _timed(partial(_chances, everybody, columns, room))
    general = np.ascontiguousarray(columns)
    expected, theirs = _timed(
        lambda: [each.predict_proba(general) for each in one_each]
    )  # last: its threads wait busily
    off = float(np.max([np.abs(room[:, at] - each[:, 1]).max() for at, each in enumerate(expected)]))
    return Part(theirs, ours, memory, own_weights, by_department, whole, from_profiles, off, len(rows))


def _pass_by(rows: Rows, room: Rows) -> None:
    _in_blocks(lambda some: pass_by(rows[some], room[some]), len(rows))


def _chances(asked: Asked, rows: Rows, room: Rows) -> None:
    _in_blocks(lambda some: asked.way.chances(rows[some], room[some]), len(rows))


def _scores(asked: Asked, rows: Rows) -> None:
    _in_blocks(lambda some: float(asked.way.scores(rows[some]).value[0, 0]), len(rows))


def _scores_from(asked: Asked, profiles: Profiles) -> None:
    """As a run has them: rows are made of a few members at a time, and never kept."""

    def score(some: slice) -> float:
        columns = {name: column[some] for name, column in profiles.columns.items()}
        few = replace(profiles, member_ids=profiles.member_ids[some], columns=columns)
        return float(asked.way.scores(asked.rows(few)).value[0, 0])

    _in_blocks(score, len(profiles), at_once=PROFILES_AT_ONCE)


def _in_blocks(work: Callable[[slice], object], members: int, *, at_once: int = ROWS_AT_ONCE) -> None:
    """On all cores, each with a block of its own."""
    share(work, [slice(first, min(first + at_once, members)) for first in range(0, members, at_once)])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _scored_alone(members: int, offers: int) -> None:
    asked = _asked(offers, members)
    for profiles in _parts(members):
        _scores(asked, asked.rows(profiles))
