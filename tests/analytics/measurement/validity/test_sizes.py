import math

import numpy as np
import pytest
from scipy import stats

from analytics.measurement.lift import NotMeasured
from analytics.measurement.validity import SAMPLE_RATIO_LIMIT, is_mismatch, sample_ratio
from tests.analytics.measurement.reading import reason_of


def p_of(outcome: float | NotMeasured) -> float:
    assert isinstance(outcome, float), outcome
    return outcome


def test_sample_ratio_agrees_with_scipy_on_ten_thousand_splits() -> None:
    shares = np.array([0.1, 0.3, 0.6])
    counts = np.random.default_rng(6).multinomial(np.full(10_000, 5000), [0.102, 0.3, 0.598])
    theirs = stats.chisquare(counts, 5000 * shares, axis=1).pvalue
    ours = [p_of(sample_ratio(row, shares)) for row in counts.tolist()]
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


def test_shares_may_be_given_in_any_scale() -> None:
    assert sample_ratio([95, 905], [10, 90]) == pytest.approx(sample_ratio([95, 905], [0.1, 0.9]))


def test_the_planned_sizes_match_perfectly() -> None:
    assert sample_ratio([100, 900], [0.1, 0.9]) == 1.0


def test_members_in_an_arm_that_was_planned_empty_are_a_mismatch() -> None:
    assert sample_ratio([1, 500, 500], [0, 0.5, 0.5]) == 0.0


def test_an_arm_that_was_planned_empty_and_is_changes_nothing() -> None:
    assert sample_ratio([0, 480, 520], [0, 0.5, 0.5]) == pytest.approx(sample_ratio([480, 520], [0.5, 0.5]))


@pytest.mark.parametrize(
    ("counts", "shares", "reason"),
    [
        ([], [], "only one arm"),
        ([500], [1], "only one arm"),
        ([0, 0], [0, 0], "only one arm"),
        ([0, 0], [0.1, 0.9], "at least 5"),
        ([4, 45], [0.1, 0.9], "at least 5"),
        ([math.nan, 9], [0.5, 0.5], "known"),
        ([90, -9], [0.5, 0.5], "known"),
        ([90, 99], [0.5, -0.5], "known"),
        ([90, 99], [0.5, math.inf], "known"),
    ],
)
def test_what_cannot_be_checked_is_not_measured(counts: list[float], shares: list[float], reason: str) -> None:
    assert reason in reason_of(sample_ratio(counts, shares))


def test_counts_without_their_share_are_refused() -> None:
    with pytest.raises(ValueError, match="one planned share per arm"):
        sample_ratio([10, 20], [1.0])


@pytest.mark.parametrize(
    ("p", "mismatch"), [(0.0, True), (SAMPLE_RATIO_LIMIT, False), (0.5, False), (NotMeasured("too few"), False)]
)
def test_only_a_measured_mismatch_hides_the_lift(p: float | NotMeasured, mismatch: bool) -> None:
    assert is_mismatch(p) is mismatch
