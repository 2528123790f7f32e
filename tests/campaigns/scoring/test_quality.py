"""The figures of a card: each with an interval that holds it, beside another score, and as others compute it."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as their_log_loss

from campaigns.scoring import quality


@pytest.fixture(scope="module")
def later() -> dict[str, np.ndarray]:
    """A later period: who responded, their true probability, and the same for all."""
    rng = np.random.default_rng(1)
    true = rng.beta(1, 4, 5_000)
    happened = rng.random(5_000) < true
    return {"happened": happened, "true": true.astype(np.float32), "base": np.full(5_000, happened.mean())}


@pytest.mark.parametrize(
    "figure", [quality.auc, quality.log_loss, quality.brier, quality.top_share], ids=lambda each: each.__name__
)
def test_every_figure_lies_within_its_interval(figure, later):
    found = figure(later["happened"], later["true"])
    assert found.low < found.value < found.high


@pytest.mark.parametrize("figure", [quality.auc, quality.top_share], ids=lambda each: each.__name__)
def test_a_better_order_is_above_another(figure, later):
    assert figure(later["happened"], later["true"], over=later["base"]).low > 0


@pytest.mark.parametrize("figure", [quality.log_loss, quality.brier], ids=lambda each: each.__name__)
def test_better_probabilities_lose_less(figure, later):
    assert figure(later["happened"], later["true"], over=later["base"]).high < 0


@pytest.mark.parametrize(
    ("figure", "theirs"), [(quality.log_loss, their_log_loss), (quality.brier, brier_score_loss)], ids=["log", "brier"]
)
def test_losses_are_those_of_scikit_learn(figure, theirs, later):
    # The score is stored in single precision.
    assert figure(later["happened"], later["true"]).value == pytest.approx(
        theirs(later["happened"], later["true"]), rel=1e-6
    )


def test_a_score_compared_with_itself_is_neither_better_nor_worse(later):
    found = quality.auc(later["happened"], later["true"], over=later["true"])
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_one_surprise_costs_no_more_than_16():
    assert quality.log_loss([1, 1], np.array([0.0, 1.0])).value == pytest.approx(-np.log(1e-7) / 2, rel=1e-6)


def test_qini_takes_one_probability_for_all():
    rng = np.random.default_rng(2)
    score, treated = rng.normal(size=2_000), rng.random(2_000) < 0.8
    outcome = rng.gamma(1.0, 2.0, 2_000) + score * treated
    assert quality.qini(outcome, treated, 0.8, score) == quality.qini(outcome, treated, np.full(2_000, 0.8), score)


def test_what_was_known_before_narrows_the_interval_of_qini():
    rng = np.random.default_rng(3)
    score, known, treated = rng.normal(size=20_000), rng.gamma(1.0, 10.0, 20_000), rng.random(20_000) < 0.8
    outcome = known + rng.normal(size=20_000) + score * treated
    plain, adjusted = (quality.qini(each, treated, 0.8, score) for each in (outcome, outcome - known))
    truth = 1 / (2 * np.sqrt(np.pi))
    assert adjusted.low < truth < adjusted.high
    assert adjusted.high - adjusted.low < (plain.high - plain.low) / 4


def test_the_score_that_knows_who_is_harmed_is_above_the_one_that_knows_who_responds():
    """Sleeping dogs: those who buy most are those whom an offer costs us."""
    rng = np.random.default_rng(4)
    level, treated = rng.gamma(2.0, 2.0, 50_000), rng.random(50_000) < 0.5
    uplift = 3 - level
    outcome = level + rng.normal(size=50_000) + uplift * treated
    assert quality.qini(outcome, treated, 0.5, uplift, over=level).low > 0
    assert quality.qini(outcome, treated, 0.5, level).high < 0


def test_uplift_by_decile_has_ten_tenths_each_with_its_interval():
    rng = np.random.default_rng(5)
    score, treated = rng.normal(size=5_000), rng.random(5_000) < 0.5
    found = quality.uplift_by_decile(score * treated, treated, 0.5, score)
    assert [each.rows for each in found] == [500] * 10
    assert all(each.observed.low < each.observed.value < each.observed.high for each in found)


def test_calibration_has_ten_tenths_from_low_to_high(later):
    found = quality.calibration(later["happened"], later["true"])
    assert [each.rows for each in found] == [500] * 10
    assert [each.predicted for each in found] == sorted(each.predicted for each in found)
