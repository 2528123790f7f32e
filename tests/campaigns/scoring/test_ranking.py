import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from campaigns.scoring import ranking
from campaigns.scoring.intervals import NotMeasured


def responses(seed: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Who responded and a score with many ties that says something about it."""
    rng = np.random.default_rng(seed)
    taste = rng.normal(size=rows)
    return rng.random(rows) < 1 / (1 + np.exp(1 - taste)), np.round(taste, 1)


def test_equal_scores_are_one_group_and_the_highest_comes_first():
    found = ranking.ranked(np.array([1.0, 3.0, 1.0, 2.0]))
    assert found.group.tolist() == [2, 0, 2, 1]
    assert found.rows.tolist() == [1, 1, 2]
    assert found.middle().tolist() == [0.125, 0.375, 0.75]


def test_auc_is_that_of_scikit_learn():
    positive, score = responses(1, 2_000)
    assert ranking.auc(positive, score).value == pytest.approx(roc_auc_score(positive, score), abs=1e-12)


def test_the_variance_of_auc_is_delongs_by_the_slow_way():
    """Over all pairs: a win counts 1, a tie a half; then the variance of the means by either side."""
    positive, score = responses(2, 300)
    wins = np.sign(score[positive][:, None] - score[~positive][None, :]) / 2 + 0.5
    # Their variances have n − 1 on each side, ours n on each side and n − 1 over all.
    slow = sum(side.var() / len(side) for side in (wins.mean(axis=1), wins.mean(axis=0)))
    assert ranking.auc(positive, score).error() ** 2 == pytest.approx(slow * 300 / 299, rel=1e-9)


def test_an_order_that_says_nothing_has_an_auc_of_a_half():
    positive, _ = responses(3, 100)
    assert ranking.auc(positive, np.zeros(100)).value == 0.5


def test_the_interval_of_auc_covers_the_truth_as_often_as_it_says():
    every, scores = responses(0, 400_000)
    truth = ranking.auc(every, scores).value
    covered = 0
    for seed in range(1, 401):
        found = ranking.auc(*responses(seed, 500)).estimate()
        covered += found.low <= truth <= found.high
    # 95 % of 400, and three standard errors of that count, 13, either way.
    assert 367 <= covered <= 393


def test_without_both_outcomes_there_is_no_auc():
    with pytest.raises(NotMeasured, match="same outcome"):
        ranking.auc(np.ones(3, dtype=bool), np.arange(3.0))


def test_an_unknown_score_cannot_be_ranked():
    with pytest.raises(NotMeasured, match="unknown"):
        ranking.ranked(np.array([1.0, np.nan]))


def test_precision_counts_those_at_the_top():
    positive = np.array([True, True, False, True, False, False, False, False, False, False])
    assert ranking.top_share(positive, -np.arange(10.0), 0.3).value == pytest.approx(2 / 3)


def test_a_tie_at_the_edge_counts_in_part():
    # Three of ten are wanted: the first, and two of the three who are tied, of whom one responded.
    positive = np.array([True, True, False, False, *[False] * 6])
    score = np.array([2.0, 1.0, 1.0, 1.0, *[0.0] * 6])
    assert ranking.top_share(positive, score, 0.3).value == pytest.approx((1 + 2 / 3) / 3)


def test_the_interval_of_precision_covers_the_truth_as_often_as_it_says():
    truth = ranking.top_share(*responses(0, 400_000), 0.1).value
    covered = 0
    for seed in range(1, 401):
        found = ranking.top_share(*responses(seed, 1_000), 0.1).estimate()
        covered += found.low <= truth <= found.high
    # 95 % of 400 and three standard errors of that count; one per cent less is allowed to the edge taken as given.
    assert 363 <= covered <= 393


def test_the_best_tenth_brings_its_part_of_all_that_came():
    amount = np.array([50.0, 20.0, *[10.0] * 3, *[0.0] * 5])
    assert ranking.captured(amount, -np.arange(10.0), 0.2).value == pytest.approx(0.7)
    assert ranking.captured(amount, np.zeros(10), 0.2).value == pytest.approx(0.2)


def test_the_interval_of_what_the_best_bring_covers_the_truth_as_often_as_it_says():
    def world(seed: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        score = rng.normal(size=rows)
        return np.exp(0.5 * score) * rng.gamma(1.0, 1.0, rows), score

    truth = ranking.captured(*world(0, 400_000), 0.1).value
    covered = 0
    for seed in range(1, 401):
        found = ranking.captured(*world(seed, 1_000), 0.1).estimate()
        covered += found.low <= truth <= found.high
    # 95 % of 400 and three standard errors of that count; one per cent less is allowed to the edge taken as given.
    assert 363 <= covered <= 397


def test_where_nothing_came_there_is_no_part_of_it():
    with pytest.raises(NotMeasured, match="Nothing came"):
        ranking.captured(np.zeros(3), np.arange(3.0), 0.5)


@pytest.mark.parametrize("share", [0.0, 1.5])
def test_a_share_of_nobody_or_of_more_than_all_is_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        ranking.top_share(np.array([True, False]), np.arange(2.0), share)
