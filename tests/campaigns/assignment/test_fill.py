from dataclasses import replace

import numpy as np

from campaigns.assignment.fill import filled
from campaigns.assignment.limits import Limits
from tests.campaigns.assignment.worlds import rows_of

NOBODY = np.array([-1, -1, -1])


def _limits(count: list[float], *, money: float = np.inf, contacts: float = np.inf, total: float = np.inf) -> Limits:
    k = len(count)
    return replace(Limits.none(k), count=np.array(count), money=np.full(k, money), contacts=contacts, total=total)


def _filled(offer: np.ndarray, reduced: np.ndarray, use: np.ndarray, limits: Limits) -> np.ndarray:
    """What members of one place each come to have, where every offer that they may have is worth something."""
    rows = rows_of(np.where(np.isfinite(reduced), 10.0, -np.inf), use)
    return filled(offer[:, None].astype(np.int16), rows, reduced, limits)[:, 0]


def test_the_least_loss_is_served_first():
    # The first member's best is 5, so that offer 2 loses them 4; the second loses 1 by it.
    reduced = np.array([[5.0, 1.0], [3.0, 2.0], [-np.inf, -np.inf]])
    assert _filled(NOBODY, reduced, np.ones((3, 2)), _limits([0, 1])).tolist() == [-1, 1, -1]


def test_who_finds_no_room_asks_for_the_next_best():
    reduced = np.array([[5.0, 1.0], [5.0, 4.0], [-np.inf, -np.inf]])
    assert _filled(NOBODY, reduced, np.ones((3, 2)), _limits([1, 1])).tolist() == [0, 1, -1]


def test_a_remainder_goes_to_someone_small_enough():
    reduced, use = np.array([[3.0], [2.0], [1.0]]), np.array([[9.0], [9.0], [1.0]])
    assert _filled(NOBODY, reduced, use, _limits([np.inf], money=10.0)).tolist() == [0, -1, 0]


def test_nobody_loses_or_changes_an_offer():
    reduced = np.array([[1.0, 9.0], [1.0, 9.0], [1.0, 9.0]])
    assert _filled(np.array([0, -1, -1]), reduced, np.ones((3, 2)), _limits([9, 1])).tolist() == [0, 1, 0]


def test_limits_over_all_offers_hold():
    reduced = np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 2.0]])
    assert (_filled(NOBODY, reduced, np.ones((3, 2)), _limits([9, 9], contacts=2)) >= 0).sum() == 2
    assert (_filled(NOBODY, reduced, np.ones((3, 2)), _limits([9, 9], total=1.5)) >= 0).sum() == 1


def test_what_may_not_be_given_is_not():
    assert _filled(NOBODY, np.full((3, 1), -np.inf), np.ones((3, 1)), _limits([9])).tolist() == [-1, -1, -1]


def test_a_second_place_is_filled_with_an_offer_of_another_category():
    rows = rows_of([[9.0, 8.0, 1.0]], each=2, category=[0, 0, 1])
    assert filled(np.array([[0, -1]], dtype=np.int16), rows, rows.value, _limits([9, 9, 9])).tolist() == [[0, 2]]


def test_nobody_gets_more_than_they_may():
    rows = rows_of([[3.0, 2.0], [3.0, 2.0]], each=2, most=[1, 2])
    assert filled(np.full((2, 2), -1, dtype=np.int16), rows, rows.value, _limits([9, 9])).tolist() == [[0, -1], [0, 1]]


def test_a_full_channel_carries_no_more():
    rows = rows_of([[3.0], [2.0]], channel=[[0], [0]])
    limits = replace(Limits.none(1, channels=1), capacity=np.array([1.0]))
    assert filled(np.full((2, 1), -1, dtype=np.int16), rows, rows.value, limits).tolist() == [[0], [-1]]


def test_what_is_worth_nothing_fills_no_place():
    rows = rows_of([[-1.0]])
    assert filled(np.full((1, 1), -1, dtype=np.int16), rows, np.array([[5.0]]), _limits([9])).tolist() == [[-1]]
