import numpy as np
import pytest

from campaigns.scoring import quality
from campaigns.scoring.baselines import ELSEWHERE, PRIOR_ROWS, THERE, UNKNOWN, Baseline, bought_last, everybody


def test_the_base_rate_is_the_past_share_for_everybody():
    found = Baseline.fit(everybody(4), [1, 0, 0, 0], groups=1)
    assert found.scores(everybody(2)).tolist() == [0.25, 0.25]


def test_popularity_is_each_offers_own_rate_drawn_to_the_base_rate():
    offer = np.repeat([0, 1, 2], [100, 100, 0])
    found = Baseline.fit(offer, offer == 0, groups=3)
    high, low, unseen = found.rates
    assert high == pytest.approx((100 + PRIOR_ROWS / 2) / (100 + PRIOR_ROWS))
    assert low == pytest.approx(PRIOR_ROWS / 2 / (100 + PRIOR_ROWS))
    assert unseen == 0.5


def test_a_member_bought_last_there_elsewhere_or_nobody_knows():
    last, asked = np.array([0, 1, -1]), np.array([0, 2, -1])
    assert bought_last(last[:, None], asked).tolist() == [
        [THERE, ELSEWHERE, UNKNOWN],
        [ELSEWHERE, ELSEWHERE, UNKNOWN],
        [UNKNOWN, UNKNOWN, UNKNOWN],
    ]


def test_a_baseline_is_judged_as_any_score_is():
    rng = np.random.default_rng(1)
    offer = rng.integers(0, 3, 6_000)
    happened = rng.random(6_000) < np.array([0.1, 0.2, 0.5])[offer]
    past, later = slice(0, 3_000), slice(3_000, None)
    popular = Baseline.fit(offer[past], happened[past], groups=3).scores(offer[later])
    base = Baseline.fit(everybody(3_000), happened[past], groups=1).scores(everybody(3_000))
    assert quality.auc(happened[later], popular, over=base).low > 0
    assert quality.log_loss(happened[later], popular, over=base).high < 0


def test_without_a_past_there_is_no_baseline():
    with pytest.raises(ValueError, match="earlier period"):
        Baseline.fit(everybody(0), [], groups=1)
