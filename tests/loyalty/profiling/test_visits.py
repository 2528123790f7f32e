import numpy as np

from loyalty.profiling.visits import gather, shopping_days
from tests.loyalty.profiling.worlds import TODAY, lines, visits


def test_lines_of_one_basket_are_one_visit_with_their_total() -> None:
    baskets = gather(lines({"basket": -7, "net_e4": 100}, {"basket": -7, "net_e4": 250, "discount_e4": 30}))
    assert baskets.net_e4.tolist() == [350]
    assert baskets.discount_e4.tolist() == [30]


def test_a_basket_code_given_out_again_to_another_member_is_another_basket() -> None:
    assert len(gather(lines({"basket": 1, "member": 0}, {"basket": 1, "member": 1})).day) == 2


def test_a_basket_code_given_out_again_on_another_day_is_another_basket() -> None:
    assert len(gather(visits(1, 2, basket=1)).day) == 2


def test_a_basket_of_returns_is_no_visit() -> None:
    baskets = gather(lines({"basket": 1, "net_e4": 500}, {"basket": 2, "net_e4": -500}, {"basket": 3, "net_e4": 0}))
    assert len(baskets.day) == 3
    assert baskets.visits().net_e4.tolist() == [500]


def test_a_basket_takes_the_channel_that_any_of_its_lines_knows() -> None:
    known_and_not = lines({"basket": 1, "channel": -1}, {"basket": 1, "channel": 2})
    assert gather(known_and_not).channel.tolist() == [2]


def test_two_baskets_on_one_day_are_two_visits_and_one_shopping_day() -> None:
    baskets = gather(visits(9, 9, 2)).visits()
    assert len(baskets.day) == 3
    assert shopping_days(baskets, 1).day.tolist() == [TODAY - 9, TODAY - 2]


def test_shopping_days_lie_by_member_and_leave_room_for_those_without() -> None:
    several = lines({"member": 2, "day": 50}, {"member": 0, "day": 70}, {"member": 2, "day": 40})
    days = shopping_days(gather(several), 4)
    assert days.start.tolist() == [0, 1, 1, 3, 3]
    assert days.day.tolist() == [70, 40, 50]
    np.testing.assert_equal(days.nth(0), [70, np.nan, 40, np.nan])
    np.testing.assert_equal(days.nth(-1), [70, np.nan, 50, np.nan])


def test_pieces_of_a_basket_that_lie_apart_are_one_basket() -> None:
    apart = lines({"basket": 9, "hour": 8}, {"basket": 4, "hour": 7}, {"basket": 9, "hour": 6, "channel": 2})
    baskets = gather(apart)
    assert baskets.basket.tolist() == [4, 9]
    assert baskets.hour.tolist() == [7, 6]
    assert baskets.channel.tolist() == [0, 2]
    assert baskets.lines.tolist() == [1, 2]


def test_days_too_far_apart_to_sort_with_their_places_are_sorted_all_the_same() -> None:
    far = lines({"member": 2**30, "day": 2**30}, {"member": 2**30, "day": 3}, {"member": 0, "day": 7})
    assert gather(far).day.tolist() == [7, 3, 2**30]


def test_no_lines_give_no_visits() -> None:
    baskets = gather(lines())
    assert shopping_days(baskets.visits(), 2).count.tolist() == [0, 0]
