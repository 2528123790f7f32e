import numpy as np
import pytest

from campaigns.scoring.history import History
from campaigns.scoring.response import BUCKETS, MOST_AFFINITY, PRIOR_REDEMPTIONS, PROPORTIONAL, fitted
from tests.campaigns.scoring.worlds import nothing


def _history(rate, *, members: int, seed: int = 0) -> History:
    rng = np.random.default_rng(seed)
    affinity = rng.uniform(0, MOST_AFFINITY, members)
    redeemed = rng.random(members) < rate(affinity)
    return History(np.zeros(members), np.full(members, "points"), affinity, redeemed, np.zeros(members))


def test_without_history_the_response_is_the_affinity_itself():
    some = np.array([0.0, 0.1, 1.0, 2.2, 3.0])
    assert fitted(nothing()).at(some) == pytest.approx(some)


def test_an_unknown_affinity_responds_as_average_and_a_large_one_is_bounded():
    assert PROPORTIONAL.at(np.array([np.nan, 99.0, -2.0])).tolist() == [1.0, MOST_AFFINITY, 0.0]


def test_a_response_that_is_proportional_is_found_to_be():
    found = fitted(_history(lambda affinity: 0.1 * affinity, members=200_000))
    assert found.at(np.array([0.5, 1.0, 2.0, 3.0])) == pytest.approx([0.5, 1.0, 2.0, 3.0], abs=0.1)


def test_a_response_that_levels_off_is_learned():
    found = fitted(_history(lambda affinity: 0.1 * np.minimum(affinity, 1.5), members=200_000))
    low, high = found.at(np.array([1.0, 3.0]))
    assert high / low == pytest.approx(1.5, abs=0.1)  # and not 3


def test_a_few_redemptions_hardly_bend_it():
    found = fitted(_history(lambda affinity: 0.1 * np.minimum(affinity, 1.5), members=200))
    assert found.at(np.array([3.0])) == pytest.approx([3.0], rel=0.2)


def test_a_bucket_is_shrunk_as_the_formula_says():
    # Of 100 members of affinity 1 ten redeem, of 100 of affinity 2 thirty: the rate is 40 / 300 per unit of affinity.
    affinity, redeemed = np.repeat([1.0, 2.0], 100), np.zeros(200, dtype=bool)
    redeemed[[*range(10), *range(100, 130)]] = True
    found = fitted(History(np.zeros(200), np.full(200, "points"), affinity, redeemed, np.zeros(200)))
    expected = np.array([100, 200]) * 40 / 300
    factor = (np.array([10, 30]) + PRIOR_REDEMPTIONS) / (expected + PRIOR_REDEMPTIONS)
    assert found.at(np.array([1.0, 2.0])) == pytest.approx(factor * [1.0, 2.0])


def test_a_kind_that_is_redeemed_more_does_not_bend_the_response_of_the_affinities_it_went_to():
    rng = np.random.default_rng(1)
    kind = np.repeat(["points", "service"], 100_000)
    affinity = np.where(kind == "points", rng.uniform(1, 2, 200_000), rng.uniform(0, 1, 200_000))
    redeemed = rng.random(200_000) < np.where(kind == "points", 0.2, 0.02) * affinity
    found = fitted(History(np.zeros(200_000), kind, affinity, redeemed, np.zeros(200_000)))
    assert found.at(np.array([0.5, 1.5])) == pytest.approx([0.5, 1.5], abs=0.1)


def test_buckets_cover_every_affinity():
    assert BUCKETS[0] == 0.0
    assert BUCKETS[-1] < MOST_AFFINITY
