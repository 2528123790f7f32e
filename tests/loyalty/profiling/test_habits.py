import numpy as np
import pytest

from loyalty.profiling import habits
from loyalty.profiling.habits import Spending
from loyalty.profiling.records import Lines
from loyalty.profiling.visits import gather
from tests.loyalty.profiling.worlds import TODAY, VOCABULARIES, lines, visits


def spending(some: Lines) -> Spending:
    return habits.spending(gather(some), members=1, on_day=TODAY)


def preference(*channels: str) -> str:
    words = VOCABULARIES["channel"]
    rows = [{"day": TODAY - 1, "channel": words.index(word) if word in words else -1} for word in channels]
    return habits.CHANNELS[habits.channel_preference(gather(lines(*rows)), words, members=1, on_day=TODAY)[0]]


def test_a_return_lowers_spend_and_is_no_visit() -> None:
    told = spending(lines({"net_e4": 100_000}, {"net_e4": -25_000}))
    assert told.spend == [7.5]
    assert told.visits == [1]


def test_the_average_basket_is_the_mean_visit_of_the_window() -> None:
    assert spending(lines({"net_e4": 100_000}, {"net_e4": 50_000}, {"net_e4": -90_000})).average_basket == [7.5]


def test_the_average_basket_falls_back_on_all_visits() -> None:
    assert spending(visits(400, net_e4=80_000)).average_basket == [8]


def test_the_window_holds_365_days() -> None:
    told = spending(visits(1, 365, 366))
    assert told.visits == [2]
    assert told.visits_ever == [3]


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
