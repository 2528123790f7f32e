import numpy as np
import pytest

from loyalty.profiling import habits
from loyalty.profiling.habits import Spending
from loyalty.profiling.records import Lines
from loyalty.profiling.visits import gather
from loyalty.profiling.windows import EVER, MONTH, QUARTER, YEAR
from tests.loyalty.profiling.worlds import TODAY, VOCABULARIES, lines, visits


def spending(some: Lines) -> Spending:
    return habits.spending(gather(some), members=1, on_day=TODAY)


def preference(*channels: str) -> str:
    words = VOCABULARIES["channel"]
    rows = [{"day": TODAY - 1, "channel": words.index(word) if word in words else -1} for word in channels]
    return habits.CHANNELS[habits.channel_preference(gather(lines(*rows)).visits(), words, members=1)[0]]


def daypart(*hours: int) -> str:
    rows = [{"day": TODAY - 1, "hour": hour} for hour in hours]
    return habits.DAYPARTS[habits.daypart_preference(gather(lines(*rows)), members=1)[0]]


def sensitivity(bought: list[int], reduced: list[int]) -> list[float]:
    return habits.discount_sensitivity(np.array(bought), np.array(reduced)).tolist()


def test_a_return_lowers_spend_and_is_no_visit() -> None:
    told = spending(lines({"net_e4": 100_000}, {"net_e4": -25_000}))
    assert told.spend[YEAR] == [7.5]
    assert told.visits[YEAR] == [1]


def test_the_average_basket_is_the_mean_visit_of_the_window() -> None:
    assert spending(lines({"net_e4": 100_000}, {"net_e4": 50_000}, {"net_e4": -90_000})).average_basket == [7.5]


def test_the_average_basket_falls_back_on_all_visits() -> None:
    assert spending(visits(400, net_e4=80_000)).average_basket == [8]


def test_the_window_holds_365_days() -> None:
    told = spending(visits(1, 365, 366))
    assert told.visits[YEAR] == [2]
    assert told.visits[EVER] == [3]


def test_the_discounted_share_is_of_the_full_price() -> None:
    assert spending(lines({"net_e4": 75_000, "discount_e4": 25_000})).discount_share == [0.25]


def test_the_discounted_share_is_unknown_where_nothing_was_bought_on_balance() -> None:
    assert np.isnan(spending(lines({"net_e4": -75_000})).discount_share[0])


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (["store"] * 3, "store"),
        (["store"] * 4 + ["online"], "store"),
        (["store"] * 3 + ["online"], "both"),
        (["online", "app", "app"], "online"),
        (["store", "app", "app", "app", "online"], "online"),
        (["store", "store"], "not enough data"),
        (["store", "store", "phone", "unknown"], "not enough data"),
        ([], "not enough data"),
    ],
)
def test_the_preferred_channel_needs_three_visits_and_four_fifths(channels: list[str], expected: str) -> None:
    assert preference(*channels) == expected


def test_shorter_windows_hold_30_and_90_days() -> None:
    told = spending(visits(1, 30, 31, 90, 91))
    assert told.visits[MONTH] == [2]
    assert told.visits[QUARTER] == [4]


def test_the_trend_is_the_last_90_days_over_the_90_before() -> None:
    assert spending(lines({"day": TODAY - 90, "net_e4": 30_000}, {"day": TODAY - 91, "net_e4": 20_000})).trend == [1.5]


@pytest.mark.parametrize("age", [90, 181])
def test_the_trend_is_unknown_without_spend_in_the_90_days_before(age: int) -> None:
    assert np.isnan(spending(visits(age)).trend[0])


def test_who_stopped_buying_has_a_trend_of_nothing() -> None:
    assert spending(visits(100)).trend == [0]


def test_products_per_basket_are_its_lines() -> None:
    assert spending(lines({"basket": 1}, {"basket": 1}, {"basket": 2})).lines_per_basket == [1.5]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([5, 10, 10, 11, 23], "morning"),
        ([11, 16, 16, 17, 4], "midday"),
        ([17, 21, 21, 22, 5], "evening"),
        ([22, 23, 0, 4, 5, 12], "night"),
        ([8, 8, 12, 12, 18, 18], "no preference"),
        ([8, 8, 8, 12, 12, 12], "no preference"),
        ([8, 8, 8, 8], "not enough data"),
    ],
)
def test_the_preferred_time_of_day_needs_five_visits_and_more_than_half(hours: list[int], expected: str) -> None:
    assert daypart(*hours) == expected


def test_who_buys_at_a_discount_twice_as_often_as_everybody_has_a_sensitivity_of_two() -> None:
    assert sensitivity([10, 30], [5, 5]) == [2, 2 / 3]


def test_discount_sensitivity_needs_ten_lines() -> None:
    np.testing.assert_equal(sensitivity([9, 10], [9, 10]), [np.nan, 1])


def test_discount_sensitivity_is_unknown_where_nothing_is_ever_reduced() -> None:
    assert np.isnan(sensitivity([20, 30], [0, 0])).all()
