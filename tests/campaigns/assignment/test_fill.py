import numpy as np

from campaigns.assignment.constraints import Limits
from campaigns.assignment.fill import filled

NOBODY = np.array([-1, -1, -1])


def _limits(count: list[float], *, money: float = np.inf, contacts: float = np.inf, total: float = np.inf) -> Limits:
    return Limits(np.array(count), np.full(len(count), money), contacts, total)


def test_the_least_loss_is_served_first():
    # The first member's best is 5, so that offer 2 loses them 4; the second loses 1 by it.
    reduced = np.array([[5.0, 1.0], [3.0, 2.0], [-np.inf, -np.inf]])
    assert filled(NOBODY, reduced, np.ones((3, 2)), _limits([0, 1])).tolist() == [-1, 1, -1]


def test_who_finds_no_room_asks_for_the_next_best():
    reduced = np.array([[5.0, 1.0], [5.0, 4.0], [-np.inf, -np.inf]])
    assert filled(NOBODY, reduced, np.ones((3, 2)), _limits([1, 1])).tolist() == [0, 1, -1]


def test_a_remainder_goes_to_someone_small_enough():
    reduced, use = np.array([[3.0], [2.0], [1.0]]), np.array([[9.0], [9.0], [1.0]])
    assert filled(NOBODY, reduced, use, _limits([np.inf], money=10.0)).tolist() == [0, -1, 0]


def test_nobody_loses_or_changes_an_offer():
    reduced = np.array([[1.0, 9.0], [1.0, 9.0], [1.0, 9.0]])
    assert filled(np.array([0, -1, -1]), reduced, np.ones((3, 2)), _limits([9, 1])).tolist() == [0, 1, 0]


def test_limits_over_all_offers_hold():
    reduced = np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 2.0]])
    assert (filled(NOBODY, reduced, np.ones((3, 2)), _limits([9, 9], contacts=2)) >= 0).sum() == 2
    assert (filled(NOBODY, reduced, np.ones((3, 2)), _limits([9, 9], total=1.5)) >= 0).sum() == 1


def test_what_may_not_be_given_is_not():
    assert filled(NOBODY, np.full((3, 1), -np.inf), np.ones((3, 1)), _limits([9])).tolist() == [-1, -1, -1]
