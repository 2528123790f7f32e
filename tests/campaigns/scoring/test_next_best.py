from itertools import permutations

import numpy as np
import pytest

from campaigns.scoring import next_best
from campaigns.scoring.intervals import NotMeasured


def slowly(taken: np.ndarray, scores: np.ndarray, most: int) -> float:
    """The share of hits over all orders of the columns, each breaking ties in its own way."""
    took = taken.any(axis=1)
    hits = []
    for order in map(list, permutations(range(scores.shape[1]))):
        for row, own in zip(taken[took][:, order], scores[took][:, order], strict=True):
            best = [each for each in np.argsort(-own, kind="stable")[:most] if np.isfinite(own[each])]
            hits.append(row[best].any())
    return float(np.mean(hits))


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_it_is_the_share_of_hits_over_all_ways_to_break_ties(most):
    rng = np.random.default_rng(most)
    scores = rng.integers(0, 3, (30, 5)).astype(np.float32)
    scores[rng.random((30, 5)) < 0.2] = -np.inf
    taken = rng.random((30, 5)) < 0.3
    assert next_best.hit_rate(taken, scores, most=most).value == pytest.approx(slowly(taken, scores, most), abs=1e-9)


def test_members_who_took_nothing_do_not_count():
    taken = np.array([[True, False], [False, False]])
    assert next_best.hit_rate(taken, np.array([[2.0, 1.0], [2.0, 1.0]]), most=1).value == 1.0


def test_one_score_for_all_offers_hits_by_chance():
    taken = np.eye(4, dtype=bool)
    assert next_best.hit_rate(taken, np.zeros((4, 4)), most=1).value == pytest.approx(0.25)


def test_where_nobody_took_anything_there_is_no_rate():
    with pytest.raises(NotMeasured, match="Nobody took"):
        next_best.hit_rate(np.zeros((2, 2), dtype=bool), np.zeros((2, 2)), most=1)


def test_more_places_than_offers_are_refused():
    with pytest.raises(ValueError, match="from 1 to 2"):
        next_best.hit_rate(np.ones((2, 2), dtype=bool), np.zeros((2, 2)), most=3)
