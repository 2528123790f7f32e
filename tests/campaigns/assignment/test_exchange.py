from dataclasses import replace

import numpy as np

from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import chosen
from campaigns.assignment.exchange import Board, exchanged
from campaigns.assignment.limits import Limits
from tests.campaigns.assignment.worlds import rows_of


def _board(
    values: list,
    use: list | None = None,
    *,
    count: float = np.inf,
    money: float = np.inf,
    total: float = np.inf,
    least: list | None = None,
    capacity: list | None = None,
    **rules: object,
) -> Board:
    k = len(values[0])
    members = rows_of(values, use, **rules)
    limits = replace(
        Limits.none(k, len(capacity or [])),
        count=np.full(k, count),
        money=np.full(k, money),
        total=total,
        least=np.zeros(k) if least is None else np.array(least),
        capacity=np.array(capacity or []),
    )
    margin = chosen(members, Prices.free(k, len(limits.capacity))).margin
    return Board(members, members.value, margin, limits)


def _exchanged(board: Board, *offers: list[int]) -> list[list[int]]:
    found = exchanged(board, np.array(offers, dtype=np.int16))
    return [sorted(offer for offer in row if offer >= 0) for row in found.tolist()]


def test_a_remainder_is_used_by_one_who_costs_and_earns_more():
    board = _board([[2.0], [3.0]], [[0.8], [1.0]], money=1.0)
    assert _exchanged(board, [0], [-1]) == [[], [0]]


def test_nobody_changes_where_the_remainder_is_too_small():
    board = _board([[2.0], [3.0]], [[0.8], [1.1]], money=1.0)
    assert _exchanged(board, [0], [-1]) == [[0], []]


def test_the_one_who_leaves_turns_to_the_next_best_with_room():
    board = _board([[5.0, 4.5], [5.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]], count=1)
    assert _exchanged(board, [0], [-1]) == [[1], [0]]


def test_a_free_place_is_taken_by_one_who_has_something_worse():
    board = _board([[5.0, 1.0]], [[1.0, 1.0]], count=1)
    assert _exchanged(board, [1]) == [[0]]


def test_a_total_over_all_offers_still_holds():
    board = _board([[5.0, 1.0]], [[2.0, 1.0]], total=1.0)
    assert _exchanged(board, [1]) == [[1]]


def test_an_offer_that_may_not_be_given_is_not():
    board = _board([[-np.inf, 1.0], [2.0, -np.inf]], [[1.0, 1.0], [1.0, 1.0]], count=1)
    assert _exchanged(board, [1], [0]) == [[1], [0]]


def test_a_second_offer_is_taken_into_a_free_place():
    assert _exchanged(_board([[5.0, 1.0]], each=2), [0, -1]) == [[0, 1]]


def test_an_offer_takes_the_place_of_the_other_one_of_its_category():
    board = _board([[5.0, 1.0, 2.0]], each=2, category=[0, 0, 1])
    assert _exchanged(board, [1, 2]) == [[0, 2]]


def test_whoever_has_as_many_as_they_may_gives_up_the_least():
    assert _exchanged(_board([[5.0, 1.0, 2.0]], each=2), [1, 2]) == [[0, 2]]


def test_an_offer_that_its_minimum_volume_needs_is_not_given_up():
    assert _exchanged(_board([[5.0, 1.0]], least=[0, 1]), [1]) == [[1]]
    assert _exchanged(_board([[5.0, 1.0]], least=[0, 0]), [1]) == [[0]]


def test_a_channel_that_is_full_carries_no_more():
    values = [[5.0, 1.0], [0.5, 0.5]]
    assert _exchanged(_board(values, capacity=[1], channel=[[0, 0], [0, 0]]), [1], [-1]) == [[0], []]
    assert _exchanged(_board(values, capacity=[1, 0], channel=[[1, 0], [0, 0]]), [1], [-1]) == [[1], []]
