import numpy as np
import pytest

from analytics.measurement.lift import NotMeasured
from analytics.measurement.policy_value import PolicyValue, evaluate, policy_value
from tests.analytics.measurement import published
from tests.analytics.measurement.reading import reason_of

ACTIONS = 4
LOGGING, WANTED = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.2, 0.3, 0.4])
PAYS = np.array([1.0, 2.0, 3.0, 4.0])
TRUTH = float(WANTED @ PAYS)


def log(decisions: int, *, seed: int) -> dict[str, np.ndarray]:
    """Rewards of decisions by lot, with the chances of both policies; predictions that are too low by a fifth."""
    rng = np.random.default_rng(seed)
    action = rng.choice(ACTIONS, decisions, p=LOGGING)
    return {
        "reward": rng.poisson(PAYS[action]).astype(float),
        "logged": LOGGING[action],
        "target": WANTED[action],
        "predicted_logged": 0.8 * PAYS[action],
        "predicted_target": np.full(decisions, 0.8 * TRUTH),
    }


@pytest.fixture(scope="module")
def thousand_logs() -> list[PolicyValue]:
    return [evaluate(**log(2000, seed=seed)) for seed in range(1000)]


def test_the_published_estimates_are_reproduced() -> None:
    found = evaluate(**published.LOGGED)
    assert {name: getattr(found, name) for name in published.LOGGED_FIGURES} == pytest.approx(
        published.LOGGED_FIGURES, abs=1e-9
    )


@pytest.mark.parametrize("name", ["ips", "snips", "dr"])
def test_over_a_thousand_logs_the_estimate_is_right_in_the_mean(thousand_logs: list[PolicyValue], name: str) -> None:
    found = np.array([getattr(one, name) for one in thousand_logs])
    assert abs(found.mean() - TRUTH) < 3 * found.std() / np.sqrt(len(found))


def test_predictions_alone_would_be_wrong(thousand_logs: list[PolicyValue]) -> None:
    assert np.mean([one.dm for one in thousand_logs]) == pytest.approx(0.8 * TRUTH)  # negative control


def test_intervals_cover_the_true_value_as_often_as_they_say(thousand_logs: list[PolicyValue]) -> None:
    assert 0.92 <= np.mean([one.low <= TRUTH <= one.high for one in thousand_logs]) <= 0.97


def test_an_honest_log_is_believed() -> None:
    assert isinstance(policy_value(**log(5000, seed=1)), PolicyValue)


def test_chances_that_were_written_down_wrong_are_found_out() -> None:
    wrong = log(5000, seed=1)
    wrong["logged"] = wrong["logged"] * 2
    assert "average 0.50 instead of 1" in reason_of(policy_value(**wrong))


def test_policies_that_hardly_agree_are_not_compared() -> None:
    assert "agree on too few" in reason_of(policy_value(**log(800, seed=2)))


def rare(decisions: int) -> dict[str, np.ndarray]:
    """One decision in a hundred thousand had a chance of a thousandth, where the other policy tosses a coin."""
    seldom = np.arange(decisions) % 100_000 == 0
    usual = (decisions - 500 * seldom.sum()) / (~seldom).sum()
    return {
        "reward": np.ones(decisions),
        "logged": np.where(seldom, 0.001, 0.5),
        "target": np.where(seldom, 0.5, 0.5 * usual),
    }


def test_decisions_that_count_too_much_are_refused_until_their_weight_is_cut() -> None:
    decisions = rare(1_000_000)
    assert "count 500 times" in reason_of(policy_value(**decisions))
    found = policy_value(**decisions, most=50)
    assert isinstance(found, PolicyValue)
    assert found.largest_weight == pytest.approx(500)


def test_a_cut_is_a_ceiling_of_the_weights() -> None:
    found = evaluate(**published.LOGGED, most=1.0)
    weight = np.minimum(np.array(published.LOGGED["target"]) / np.array(published.LOGGED["logged"]), 1)
    assert found.ips == pytest.approx((weight * np.array(published.LOGGED["reward"])).mean())


def test_a_policy_that_agrees_on_nothing_has_no_value() -> None:
    assert isinstance(policy_value([1.0] * 9, [0.5] * 9, [0.0] * 9), NotMeasured)


@pytest.mark.parametrize(("logged", "target"), [([0.0], [0.5]), ([1.2], [0.5]), ([0.5], [-0.1]), ([0.5, 0.5], [0.5])])
def test_what_are_no_chances_is_refused(logged: list[float], target: list[float]) -> None:
    with pytest.raises(ValueError, match="chance"):
        evaluate([1.0] * len(logged), logged, target)


def test_predictions_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(ValueError, match="prediction"):
        evaluate([1.0], [0.5], [0.5], predicted_logged=[1.0, 2.0], predicted_target=[1.0])
