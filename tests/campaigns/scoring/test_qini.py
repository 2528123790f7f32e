"""Qini: published vectors, an area worked by hand, and what chance, ties and levels may not do to it."""

import numpy as np
import pytest

from campaigns.scoring import qini
from campaigns.scoring.intervals import NotMeasured
from campaigns.scoring.qini import Curve, Decided
from campaigns.scoring.ranking import ranked

# Outcomes and arms of causalml's test data (uber/causalml, tests/test_metrics.py); curves and areas as scikit-uplift
# 0.5.1 has them, for scores that all differ and for scores in five ties. Both arms have five of ten.
OUTCOME = np.array([0, 0, 0, 0, 1, 0, 0, 1, 1, 1], dtype=float)
TREATED = np.arange(10) >= 5
DISTINCT = np.array([0.05, 0.11, 0.22, 0.31, 0.47, 0.02, 0.13, 0.26, 0.37, 0.49])
TIED = np.tile([0, 0.1, 0.2, 0.3, 0.4], 2)
# The vectors are published to six decimals.
PUBLISHED = 1e-6


def drawn(score: np.ndarray, outcome: np.ndarray = OUTCOME, treated: np.ndarray = TREATED) -> Curve:
    return qini.curve(Decided(outcome, treated, np.full(len(outcome), treated.mean())), ranked(score))


def in_treated(curve: Curve) -> np.ndarray:
    """The Qini curve in numbers of treated."""
    return curve.gain * 10 * 0.5


def in_members(curve: Curve, score: np.ndarray) -> np.ndarray:
    """What scikit-uplift calls the uplift curve: the same differences of means, times all rows so far."""
    treated = np.concatenate([[0], np.cumsum(ranked(score).summed(TREATED))])
    return in_treated(curve) * np.divide(curve.share * 10, treated, out=np.zeros_like(treated), where=treated > 0)


def above_the_line(gain: np.ndarray, share: np.ndarray) -> float:
    return float(np.trapezoid(gain, share) - gain[-1] / 2)


@pytest.mark.parametrize(
    ("score", "shares", "published"),
    [
        (DISTINCT, np.arange(11) / 10, [0, 1, 0, 0, 1, 1.5, 2, 1.666667, 2, 2.2, 2]),
        (TIED, np.arange(6) / 5, [0, 0, 1, 2, 2, 2]),
    ],
)
def test_the_curve_is_the_published_one(score, shares, published):
    found = drawn(score)
    assert found.share == pytest.approx(shares)
    assert in_treated(found) == pytest.approx(published, abs=PUBLISHED)


@pytest.mark.parametrize(
    ("score", "published"), [(DISTINCT, [0, 1, 0, 0, 2, 2.5, 4, 2.916667, 4, 4.95, 4]), (TIED, [0, 0, 2, 4, 4, 4])]
)
def test_its_differences_of_means_give_the_published_uplift_curve(score, published):
    assert in_members(drawn(score), score) == pytest.approx(published, abs=PUBLISHED)


@pytest.mark.parametrize(("score", "published"), [(DISTINCT, 0.15777778), (TIED, 0.13333333)])
def test_as_a_share_of_the_area_of_a_perfect_order_it_is_the_published_coefficient(score, published):
    # Whoever answers only when treated comes first, whoever buys only when not treated comes last.
    perfect = drawn(np.where(TREATED, OUTCOME, -OUTCOME))
    assert drawn(score).area / perfect.area == pytest.approx(published, abs=PUBLISHED)


@pytest.mark.parametrize(("outcome", "treated"), [([0, 1], [True, False]), ([1, 0], [False, True])])
def test_two_rows_in_the_only_good_order_have_all_of_the_perfect_area(outcome, treated):
    # scikit-uplift's own test (sklift/tests/test_metrics.py): 1 for both.
    came, arm = np.array(outcome, dtype=float), np.array(treated)
    perfect = drawn(np.where(arm, came, -came), came, arm)
    assert drawn(np.array([0.1, 0.3]), came, arm).area == pytest.approx(perfect.area)
    assert perfect.area == pytest.approx(0.25)


@pytest.mark.parametrize(("score", "published"), [(DISTINCT, 0.29583333), (TIED, 0.25)])
def test_and_where_treatment_harms_nobody_the_other_published_coefficient(score, published):
    # Then the perfect curve rises by one with every row to its end, 2, and stays there.
    perfect = above_the_line(np.array([0, 2, 2]), np.array([0, 0.2, 1]))
    assert above_the_line(in_treated(drawn(score)), drawn(score).share) / perfect == pytest.approx(
        published, abs=PUBLISHED
    )


@pytest.mark.parametrize(("score", "published"), [(DISTINCT, 0.1558642), (TIED, 0.18518519)])
def test_the_uplift_curve_has_the_published_area_too(score, published):
    # Its perfect order is another one: treated who answered, then all others but control who bought.
    order = 2.0 * (OUTCOME == TREATED) + TREATED
    perfect = above_the_line(in_members(drawn(order), order), drawn(order).share)
    found = above_the_line(in_members(drawn(score), score), drawn(score).share)
    assert found / perfect == pytest.approx(published, abs=PUBLISHED)


def test_the_coefficient_is_the_area_above_the_line_by_hand():
    # Control without, treated with, control with, treated without a purchase, each counting 2 of 4. Q is 0, then 2 / 4,
    # then (2 − 2 · 2 / 4) / 4, and 0 in the end; the line to it is flat.
    decided = Decided(np.array([0.0, 1.0, 1.0, 0.0]), np.array([False, True, False, True]), np.full(4, 0.5))
    assert qini.coefficient(decided, np.array([4.0, 3.0, 2.0, 1.0])).value == pytest.approx(0.25 * (0.5 + 0.25))


def planted(seed: int, members: int, *, effect: float = 1.0) -> tuple[Decided, np.ndarray, np.ndarray]:
    """Decisions with probabilities of three kinds that go with the level of spend, and each member's true effect."""
    rng = np.random.default_rng(seed)
    taste = rng.normal(size=members)
    chance = np.array([0.5, 0.7, 0.9])[np.digitize(taste, (-0.5, 0.5))]
    treated = rng.random(members) < chance
    uplift = effect * taste
    return Decided(rng.gamma(1.0, 2.0, members) + 2 * taste + uplift * treated, treated, chance), uplift, taste


def test_under_unequal_probabilities_it_is_near_the_planted_area():
    decided, uplift, _ = planted(1, 400_000)
    found = qini.coefficient(decided, uplift).estimate()
    # The mean of effect × (rank − 1/2) of a standard normal effect.
    assert found.low < 1 / (2 * np.sqrt(np.pi)) < found.high
    assert found.high - found.low < 0.05


def test_taken_as_equal_the_same_probabilities_mislead():
    """The negative control: members of high spend are treated more often, and it is not their spend that was gained."""
    decided, _, taste = planted(1, 400_000, effect=0.0)
    careless = Decided(decided.outcome, decided.treated, np.full(400_000, decided.treated.mean()))
    assert qini.coefficient(decided, taste).estimate().low < 0 < qini.coefficient(decided, taste).estimate().high
    assert qini.coefficient(careless, taste).estimate().high < 0


def test_the_influence_is_what_leaving_each_row_out_changes():
    """The jackknife, ties included; what is left of second order is a few per cent at this size."""
    rows = 1_000
    decided, uplift, _ = planted(2, rows)
    score = np.round(uplift, 1)
    found = qini.coefficient(decided, score)
    without = np.array([_left_out(decided, score, row) for row in range(rows)])
    assert np.corrcoef(found.each, -without)[0, 1] > 0.995
    assert found.error() == pytest.approx(np.sqrt(((without - without.mean()) ** 2).sum()), rel=0.03)


def _left_out(decided: Decided, score: np.ndarray, row: int) -> float:
    kept = np.arange(len(score)) != row
    fewer = Decided(decided.outcome[kept], decided.treated[kept], decided.probability[kept])
    return qini.coefficient(fewer, score[kept]).value


def test_the_interval_covers_the_planted_area_as_often_as_it_says():
    truth, covered = 1 / (2 * np.sqrt(np.pi)), 0
    for seed in range(400):
        decided, uplift, _ = planted(seed, 2_000)
        found = qini.coefficient(decided, uplift).estimate()
        covered += found.low <= truth <= found.high
    # 95 % of 400, and three standard errors of that count, 13, either way.
    assert 367 <= covered <= 393


def test_random_scores_gain_nothing_in_95_of_100_worlds_and_true_ones_do_in_all():
    includes = gains = 0
    for seed in range(400):
        decided, uplift, _ = planted(seed, 2_000)
        chance = qini.coefficient(decided, np.random.default_rng(seed + 1_000).random(2_000)).estimate()
        includes += chance.low <= 0 <= chance.high
        gains += seed < 50 and qini.coefficient(decided, uplift).estimate().low > 0
    assert 367 <= includes <= 393
    assert gains == 50


def test_where_nothing_is_planted_no_score_gains_in_95_of_100_worlds():
    includes = 0
    for seed in range(400):
        decided, _, taste = planted(seed, 2_000, effect=0.0)
        found = qini.coefficient(decided, taste).estimate()
        includes += found.low <= 0 <= found.high
    assert 367 <= includes <= 393


def test_a_level_that_all_share_changes_nothing():
    decided, uplift, _ = planted(3, 500)
    higher = Decided(decided.outcome + 100, decided.treated, decided.probability)
    assert qini.coefficient(higher, uplift).estimate().low == pytest.approx(
        qini.coefficient(decided, uplift).estimate().low, abs=1e-9
    )


def test_neither_the_order_of_rows_nor_the_scale_of_scores_matters():
    decided, uplift, _ = planted(4, 500)
    score = np.round(uplift, 1)
    order = np.random.default_rng(0).permutation(500)
    shuffled = Decided(decided.outcome[order], decided.treated[order], decided.probability[order])
    assert qini.coefficient(shuffled, np.exp(score[order])).value == pytest.approx(
        qini.coefficient(decided, score).value, abs=1e-12
    )


def test_one_score_for_everybody_gains_nothing():
    decided, _, _ = planted(5, 500)
    assert qini.coefficient(decided, np.zeros(500)).value == pytest.approx(0.0, abs=1e-12)


def test_a_certain_decision_teaches_nothing_and_is_refused():
    with pytest.raises(ValueError, match="probability of being treated lies between 0 and 1"):
        Decided(np.zeros(2), np.array([True, False]), np.array([1.0, 0.5]))


def test_an_unknown_outcome_is_refused():
    with pytest.raises(ValueError, match="leave out decisions whose outcome"):
        Decided(np.array([np.nan, 1.0]), np.array([True, False]), np.full(2, 0.5))


def test_without_held_out_members_there_is_nothing_to_compare():
    with pytest.raises(NotMeasured, match="treated and held-out"):
        Decided(np.zeros(2), np.array([True, True]), np.full(2, 0.5))
