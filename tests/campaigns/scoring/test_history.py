import numpy as np
import pytest

from campaigns.scoring.draws import Draws
from campaigns.scoring.history import History, joined
from tests.offers.rules.tables import terms


def _history(decisions: int, draws: Draws | None = None) -> History:
    return History(*(np.arange(decisions, dtype=float) for _ in range(5)), draws=draws)


def _draws(decisions: int) -> Draws:
    nothing = np.zeros(decisions, dtype=np.int32)
    return Draws(terms(1), np.zeros(1, np.int32), nothing, nothing, np.ones((1, 1)), np.zeros((decisions, 1)), ("one",))


def test_a_history_counts_its_decisions():
    assert len(_history(3)) == 3


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one entry per decision"):
        History(np.zeros(3), np.zeros(3), np.zeros(2), np.zeros(3), np.zeros(3))


def test_draws_of_other_decisions_are_refused():
    with pytest.raises(ValueError, match="one entry per decision"):
        _history(3, _draws(2))


def test_some_of_the_decisions_are_taken_from_every_column():
    some = _history(3, _draws(3)).take(np.array([0, 2]))
    assert some.margin.tolist() == [0.0, 2.0]
    assert len(some.draws) == 2


def test_joined_histories_follow_one_another():
    assert joined([_history(2), _history(1)]).margin.tolist() == [0.0, 1.0, 0.0]
    assert len(joined([_history(2, _draws(2)), _history(1, _draws(1))]).draws) == 3


def test_where_one_history_has_no_draws_the_joined_one_has_none():
    assert joined([_history(2, _draws(2)), _history(1)]).draws is None


def test_without_histories_there_is_an_empty_one():
    assert len(joined([])) == 0
