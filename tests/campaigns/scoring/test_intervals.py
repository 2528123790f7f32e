import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from campaigns.scoring.intervals import Influence, NotMeasured, mean, wilson


def test_the_interval_of_a_mean_is_the_usual_one():
    values = np.random.default_rng(1).gamma(1.0, 5.0, 300)
    found = mean(values).estimate()
    half = 1.959963984540054 * values.std(ddof=1) / np.sqrt(300)
    assert (found.value, found.low, found.high) == pytest.approx(
        (values.mean(), values.mean() - half, values.mean() + half)
    )


def test_a_figure_is_held_within_what_it_can_be():
    found = mean([0.0, 0.0, 1.0]).estimate(least=0.0, most=0.5)
    assert (found.low, found.high) == (0.0, 0.5)


def test_a_difference_is_judged_row_by_row():
    values = np.random.default_rng(2).normal(0.0, 100.0, 50)
    found = (mean(values + 1) - mean(values)).estimate()
    assert (found.low, found.high) == pytest.approx((1.0, 1.0))


def test_rows_of_one_member_are_no_news_to_each_other():
    values = np.random.default_rng(3).normal(size=200)
    assert mean(np.repeat(values, 5)).error(np.repeat(np.arange(200), 5)) == pytest.approx(mean(values).error())


def test_taken_for_strangers_they_would_seem_to_be_news():
    """The negative control."""
    values = np.repeat(np.random.default_rng(3).normal(size=200), 5)
    assert mean(values).error() < 0.5 * mean(values).error(np.repeat(np.arange(200), 5))


def test_one_member_gives_no_interval():
    with pytest.raises(NotMeasured, match="at least 2 members"):
        Influence(1.0, np.ones(3)).error(np.zeros(3, dtype=int))


def test_no_rows_give_no_mean():
    with pytest.raises(NotMeasured, match="no rows"):
        mean([])


def test_the_interval_of_a_share_is_that_of_statsmodels():
    counts, members = np.array([0.0, 3.0, 50.0]), np.array([20.0, 20.0, 50.0])
    theirs = proportion_confint(counts, members, method="wilson")
    assert np.array(wilson(counts, members)) == pytest.approx(np.array(theirs), abs=1e-9)
