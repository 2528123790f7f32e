import numpy as np
import pytest

from campaigns.scoring.history import History


def test_a_history_counts_its_decisions():
    assert len(History(*(np.zeros(3) for _ in range(5)))) == 3


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one entry per decision"):
        History(np.zeros(3), np.zeros(3), np.zeros(2), np.zeros(3), np.zeros(3))
