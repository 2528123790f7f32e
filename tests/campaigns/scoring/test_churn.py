import numpy as np
import pytest

from campaigns.scoring import churn, quality

NEVER = np.nan


def members(seed: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A basis of two columns, days since they came, and whether they come again: the longer ago, the less likely."""
    rng = np.random.default_rng(seed)
    recency = rng.gamma(1.0, 60.0, count)
    basis = np.column_stack([np.log1p(recency), rng.normal(size=count)]).astype(np.float32)
    return basis, recency, rng.random(count) < np.exp(-recency / 80)


def test_who_has_not_come_for_a_window_has_churned_already():
    assert churn.is_active(np.array([0.0, 90.0, 91.0, NEVER])).tolist() == [True, True, False, False]


def test_members_who_have_churned_already_have_no_score():
    scorer = churn.fitted(*members(1, 5_000))
    basis, recency, _ = members(2, 100)
    assert np.isnan(churn.scores(scorer, basis, recency)).tolist() == (recency > 90).tolist()


def test_only_active_members_teach():
    basis, recency, came_again = members(3, 5_000)
    assert churn.fitted(basis, recency, came_again).learned_from == (recency <= 90).sum()


def test_those_at_risk_are_found_beyond_the_base_rate_on_a_later_day():
    scorer = churn.fitted(*members(4, 5_000))
    basis, recency, came_again = members(5, 5_000)
    active = churn.is_active(recency)
    left, found = ~came_again[active], churn.scores(scorer, basis, recency)[active]
    assert quality.top_share(left, found).low > left.mean()
    assert quality.log_loss(left, found, over=np.full(active.sum(), left.mean())).high < 0
    assert [each.predicted for each in quality.calibration(left, found)] == pytest.approx(
        [each.observed.value for each in quality.calibration(left, found)], abs=0.1
    )
