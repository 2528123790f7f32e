import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.validity import late_data, missing_feed, refunds, window_shifted

WEEK = np.array([90, 80, 85, 100, 140, 200, 120]) * 10
BY_HOUR = np.array([0, 0, 0, 0, 0, 1, 5, 20, 40, 60, 70, 80, 90, 70, 60, 70, 90, 110, 90, 50, 20, 8, 2, 0]) * 20


def daily(days: int, *, seed: int) -> np.ndarray:
    """Purchases of a shop with busy Saturdays, days that differ by a twentieth beyond chance."""
    rng = np.random.default_rng(seed)
    return rng.poisson(np.resize(WEEK, days) * rng.gamma(400, 1 / 400, days))


def test_days_as_before_are_fine() -> None:
    assert missing_feed(daily(28, seed=1), daily(14, seed=2)).state == "fine"


def test_a_day_of_which_a_third_is_missing_stops_the_report() -> None:
    window = daily(14, seed=2)
    window[9] = window[9] * 2 // 3
    guard = missing_feed(daily(28, seed=1), window)
    assert guard.state == "stop"
    assert "On day 10 of the window" in guard.sentence


def test_a_quiet_monday_is_measured_by_other_mondays() -> None:
    before = np.concatenate([daily(28, seed=1)])
    assert missing_feed(before, daily(1, seed=3)).state == "fine"
    saturday_last = np.roll(before, 2)  # the negative control: the same day, expected to be a Saturday
    assert missing_feed(saturday_last, daily(1, seed=3)).figure > 2


def test_false_alarms_are_rare() -> None:
    states = [missing_feed(daily(28, seed=seed), daily(14, seed=10_000 + seed)).state for seed in range(2000)]
    assert states.count("stop") / 2000 < 0.01  # 4 sigma that 28 days tell, over 14 days


@pytest.mark.parametrize(("before", "window"), [(27, 14), (28, 0)])
def test_without_four_weeks_before_nothing_is_forecast(before: int, window: int) -> None:
    assert missing_feed(daily(before, seed=1), daily(window, seed=2)).state == "unknown"


def test_a_day_on_which_the_shop_is_always_closed_is_not_missing() -> None:
    closed = np.arange(42) % 7 == 6
    purchases = np.where(closed, 0, np.concatenate([daily(28, seed=1), daily(14, seed=2)]))
    assert missing_feed(purchases[:28], purchases[28:]).state == "fine"


def test_a_day_that_is_said_to_be_closed_is_not_missing() -> None:
    before, window, closed = daily(28, seed=1), daily(14, seed=2), np.arange(42) == 32
    window[4] = 0
    assert missing_feed(before, window).state == "stop"
    assert missing_feed(before, window, closed=closed).state == "fine"
    window[9] = 0
    assert missing_feed(before, window, closed=closed).state == "stop"


def test_closed_days_before_make_no_forecast_lower() -> None:
    before, window, closed = daily(28, seed=1), daily(14, seed=2), np.isin(np.arange(42), (3, 10, 17))
    kept = missing_feed(before, window, closed=closed).figure
    before[closed[:28]] = 0
    assert missing_feed(before, window, closed=closed).figure == kept


def test_a_shop_that_was_closed_tells_nothing() -> None:
    assert missing_feed(np.zeros(28), daily(14, seed=2)).state == "unknown"


def arms(late_treated: float, late_reference: float, *, seed: int = 5) -> list[moments.Ratio]:
    rng = np.random.default_rng(seed)
    found = []
    for late in (late_treated, late_reference):
        lines = rng.poisson(rng.gamma(1, 6, 2000))
        found.append(moments.ratio(rng.binomial(lines, late), lines))
    return found


def test_purchases_that_are_late_in_both_arms_alike_are_fine() -> None:
    assert late_data(*arms(0.03, 0.03)).state == "fine"


def test_purchases_that_are_late_in_one_arm_only_stop_the_report() -> None:
    guard = late_data(*arms(0.03, 0.0))
    assert guard.state == "stop"
    assert "the other arm" in guard.sentence


def test_many_late_purchases_are_to_be_looked_at() -> None:
    assert late_data(*arms(0.2, 0.2)).state == "look"


def test_false_alarms_of_late_purchases_are_one_in_a_thousand() -> None:
    states = [late_data(*arms(0.03, 0.03, seed=seed)).state for seed in range(1000)]
    assert states.count("stop") / 1000 <= 0.001 + 0.003  # three standard errors


def test_no_purchases_are_not_late() -> None:
    nothing = moments.ratio(np.zeros(9), np.zeros(9))
    assert late_data(nothing, nothing).state == "unknown"


def test_returns_as_before_are_fine() -> None:
    assert refunds(300, 10_000, 310, 11_000).state == "fine"


def test_returns_that_are_not_taken_off_stop_the_report() -> None:
    guard = refunds(300, 10_000, 0, 10_000)
    assert guard.state == "stop"
    assert "Load the returns" in guard.sentence


def test_returns_that_are_not_all_in_yet_are_to_be_looked_at() -> None:
    assert refunds(300, 10_000, 120, 10_000).state == "look"


@pytest.mark.parametrize(("returns", "lines"), [(5, 10_000), (0, 0)])
def test_a_shop_without_returns_cannot_miss_them(returns: int, lines: int) -> None:
    assert refunds(returns, lines, 0, 10_000).state == "unknown"
    assert refunds(returns, max(lines, 1), 0, 0).state == "unknown"


def hours(seed: int, *, shift: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(np.roll(BY_HOUR, shift))


def test_purchases_at_the_same_hours_as_before_are_fine() -> None:
    assert window_shifted(hours(1), hours(2)).state == "fine"


@pytest.mark.parametrize("shift", [-9, -2, -1, 1, 2, 6])
def test_a_shifted_time_zone_stops_the_report_and_says_by_how_much(shift: int) -> None:
    guard = window_shifted(hours(1), hours(2, shift=shift))
    assert (guard.state, guard.figure) == ("stop", shift)
    assert f"{abs(shift)} hour" in guard.sentence


def test_longer_opening_hours_are_no_shift() -> None:
    later = hours(2)
    later[21:23] += 400
    assert window_shifted(hours(1), later).state == "fine"


def test_few_purchases_tell_no_hours() -> None:
    assert window_shifted(hours(1), np.ones(24)).state == "unknown"


def test_a_day_has_24_hours() -> None:
    with pytest.raises(ValueError, match="24 counts"):
        window_shifted(np.ones(23), np.ones(24))
