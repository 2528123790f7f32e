import numpy as np
from scipy import stats

from campaigns.assignment.ties import fractions, separated
from tests.campaigns.assignment.worlds import ties


def test_fractions_are_those_of_the_published_generator():
    # First outputs of SplitMix64 seeded with 1234567, as in its author's reference code, over 2^64.
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    found = fractions(np.array([1234567], dtype=np.uint64), 3)[0]
    assert np.allclose(found, np.array(expected) / 2**64, rtol=0, atol=2**-53)


def test_fractions_are_uniform_even_for_ties_that_count_up():
    assert stats.kstest(fractions(np.arange(2_000, dtype=np.uint64), 20).ravel(), "uniform").pvalue > 0.001


def test_one_offers_fractions_say_nothing_of_anothers():
    # A correlation of 20,000 independent pairs is within 5 standard errors of 0, 5 / sqrt(20,000).
    found = np.corrcoef(fractions(ties(20_000, 1), 5), rowvar=False)
    assert np.abs(found - np.eye(5)).max() < 5 / np.sqrt(20_000)


def test_separated_values_differ_and_stay_within_a_ten_millionth():
    values = np.full((1000, 3), 2.0)
    found = separated(values, fractions(ties(1000, 2), 3))
    assert len(np.unique(found)) == 3000
    assert (found <= values).all()
    assert (found >= values * (1 - 1e-7)).all()


def test_what_may_not_be_given_stays_so():
    assert separated(np.array([[-np.inf]]), np.array([[0.5]]))[0, 0] == -np.inf
