import numpy as np

from campaigns.assignment.constraints import Limits
from campaigns.assignment.exchange import Board, exchanged
from campaigns.assignment.prices import margins


def _board(values: list, use: list, *, count: float = np.inf, money: float = np.inf, total: float = np.inf) -> Board:
    worth = np.array(values, dtype=float)
    k = worth.shape[1]
    limits = Limits(np.full(k, count), np.full(k, money), np.inf, total)
    return Board(worth, worth, margins(worth), np.array(use, dtype=float), limits)


def test_a_remainder_is_used_by_one_who_costs_and_earns_more():
    board = _board([[2.0], [3.0]], [[0.8], [1.0]], money=1.0)
    assert exchanged(board, np.array([0, -1])).tolist() == [-1, 0]


def test_nobody_changes_where_the_remainder_is_too_small():
    board = _board([[2.0], [3.0]], [[0.8], [1.1]], money=1.0)
    assert exchanged(board, np.array([0, -1])).tolist() == [0, -1]


def test_the_one_who_leaves_turns_to_the_next_best_with_room():
    board = _board([[5.0, 4.5], [5.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]], count=1)
    assert exchanged(board, np.array([0, -1])).tolist() == [1, 0]


def test_a_free_place_is_taken_by_one_who_has_something_worse():
    board = _board([[5.0, 1.0]], [[1.0, 1.0]], count=1)
    assert exchanged(board, np.array([1])).tolist() == [0]


def test_a_total_over_all_offers_still_holds():
    board = _board([[5.0, 1.0]], [[2.0, 1.0]], total=1.0)
    assert exchanged(board, np.array([1])).tolist() == [1]


def test_an_offer_that_may_not_be_given_is_not():
    board = _board([[-np.inf, 1.0], [2.0, -np.inf]], [[1.0, 1.0], [1.0, 1.0]], count=1)
    assert exchanged(board, np.array([1, 0])).tolist() == [1, 0]
