import math

import numpy as np
import pytest
from scipy.special import ndtri
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest
from statsmodels.stats.proportion import test_proportions_2indep as two_proportions_test

from analytics.measurement import proportions

Z = float(ndtri(0.975))


def random_counts(count: int, shares: tuple[float, float]) -> list[tuple[int, int, int, int]]:
    rng = np.random.default_rng(5)
    n = np.exp(rng.uniform(np.log(200), np.log(100_000), (count, 2))).astype(int)
    yes = rng.binomial(n, rng.uniform(*shares, (count, 2)))
    return [(int(a), int(b), int(c), int(d)) for (a, c), (b, d) in zip(yes, n, strict=True)]


def test_wilson_is_as_worked_by_hand() -> None:
    # 0 of 10 at z = 2: middle (4/20)/(1.4) = 1/7, half 2 sqrt(4/400)/1.4 = 1/7.
    assert proportions.wilson(0, 10, 2.0) == pytest.approx((0.0, 2 / 7))


def test_wilson_agrees_with_statsmodels() -> None:
    for yes, n, *_ in random_counts(500, (0, 1)):
        assert proportions.wilson(yes, n, Z) == pytest.approx(proportion_confint(yes, n, method="wilson"), rel=1e-8)


def test_newcombe_agrees_with_statsmodels_on_ten_thousand_pairs() -> None:
    pairs = random_counts(10_000, (0, 1))
    theirs = confint_proportions_2indep(*np.array(pairs).T, method="newcomb", compare="diff")
    ours = np.array([proportions.newcombe(*pair, Z) for pair in pairs])
    np.testing.assert_allclose(ours.T, theirs, rtol=1e-8, atol=1e-12)  # ends may lie at 0 but for rounding


def test_koopman_ends_where_statsmodels_score_test_reaches_the_quantile() -> None:
    for pair in random_counts(1000, (0.05, 0.95)):
        ends = proportions.koopman(*pair, Z)
        assert ends is not None
        tests = [
            two_proportions_test(*pair, value=end, method="score", compare="ratio", correction=False) for end in ends
        ]
        assert [abs(test.statistic) for test in tests] == pytest.approx([Z, Z], rel=1e-8)


def test_koopman_agrees_with_the_closed_form_of_statsmodels() -> None:
    # The closed form solves a cubic by cosines, which costs it half of its digits.
    for pair in random_counts(1000, (0.05, 0.95)):
        theirs = confint_proportions_2indep(*pair, method="score", compare="ratio", correction=False)
        assert proportions.koopman(*pair, Z) == pytest.approx(theirs, rel=1e-6)


def test_score_p_agrees_with_statsmodels() -> None:
    for yes, n, reference_yes, reference_n in random_counts(2000, (0.05, 0.2)):
        theirs = proportions_ztest([yes, reference_yes], [n, reference_n])[1]
        assert proportions.score_p(yes, n, reference_yes, reference_n) == pytest.approx(theirs, rel=1e-8, abs=1e-300)


@pytest.mark.parametrize("pair", [(7, 34, 1, 34), (2, 2, 1, 20_000), (1, 20_000, 2, 2), (34, 34, 30, 34), (5, 9, 9, 9)])
def test_koopman_excludes_equality_exactly_when_the_score_test_does(pair: tuple[int, int, int, int]) -> None:
    ends = proportions.koopman(*pair, Z)
    assert ends is not None
    assert (ends[0] <= 1 <= ends[1]) == (proportions.score_p(*pair) >= 0.05)


def test_koopman_without_a_yes_starts_at_zero() -> None:
    theirs = confint_proportions_2indep(0, 34, 1, 34, method="score", compare="ratio", correction=False)
    assert proportions.koopman(0, 34, 1, 34, Z) == pytest.approx((0.0, theirs[1]))


def test_koopman_of_two_arms_that_all_say_yes_holds_one() -> None:
    # The statistic is (1 - r) n above equality turned round: r = 1 / (1 + z²/n) and its inverse.
    assert proportions.koopman(34, 34, 34, 34, Z) == pytest.approx((1 / (1 + Z * Z / 34), 1 + Z * Z / 34))


def test_koopman_has_no_ratio_to_a_reference_without_a_yes() -> None:
    assert proportions.koopman(3, 10, 0, 10, Z) is None


def test_newcombe_stays_within_what_is_possible() -> None:
    low, high = proportions.newcombe(10, 10, 0, 10, Z)
    assert 0 < low < 1
    assert math.isclose(high, 1.0)
