import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.validity import before_balance, variance_change

RNG = np.random.default_rng(130)


def spend(n: int, *, more: float = 0.0) -> np.ndarray:
    return RNG.gamma(0.5, 40, n) + more


def test_arms_that_were_alike_before_are_fine() -> None:
    assert before_balance(moments.of(spend(9000)), moments.of(spend(1000))).state == "fine"


def test_arms_that_differed_before_stop_the_report() -> None:
    guard = before_balance(moments.of(spend(9000, more=5)), moments.of(spend(1000)))
    assert guard.state == "stop"
    assert guard.figure is not None
    assert guard.figure > 3.3
    assert "before anything was sent" in guard.sentence


def test_a_filter_that_only_the_treated_pass_is_found_out() -> None:
    # Members who bought nothing before are left out of one arm: the sizes may be right, the members are not.
    treated = spend(12_000)
    assert before_balance(moments.of(treated[treated > 5]), moments.of(spend(1000))).state == "stop"


def test_false_alarms_are_one_in_a_thousand() -> None:
    states = [before_balance(moments.of(spend(3000)), moments.of(spend(1000))).state for _ in range(2000)]
    assert states.count("stop") / 2000 <= 0.001 + 0.0022  # three standard errors


@pytest.mark.parametrize("before", [[], [0.0, 0.0]])
def test_arms_without_a_past_are_unknown(before: list[float]) -> None:
    guard = before_balance(moments.of(before), moments.of(before))
    assert guard.state == "unknown"
    assert guard.sentence.startswith("The time before cannot be compared.")


def test_spreads_that_changed_alike_are_fine() -> None:
    arms = [moments.paired(spend(5000) * 3, spend(5000)) for _ in range(2)]
    assert variance_change(*arms).state == "fine"


def test_a_giant_basket_in_one_arm_is_to_be_looked_at() -> None:
    now = spend(5000)
    now[0] = 50_000
    guard = variance_change(moments.paired(now, spend(5000)), moments.paired(spend(5000), spend(5000)))
    assert guard.state == "look"
    assert "giant baskets" in guard.sentence


def test_a_spread_that_is_not_known_is_unknown() -> None:
    flat = moments.paired(spend(50), np.zeros(50))
    assert variance_change(flat, flat).state == "unknown"
