import numpy as np

from campaigns.assignment.constraints import Limits
from campaigns.assignment.trim import leading, trimmed

NONE = np.full(2, np.inf)
USE = np.ones((4, 2))
WORTH = np.array([4.0, 1.0, 3.0, 2.0])


def test_the_least_worth_goes_first_under_a_count():
    limits = Limits(np.array([2.0, np.inf]), NONE, np.inf, np.inf)
    assert trimmed(np.array([0, 0, 0, 1]), WORTH, USE, limits).tolist() == [0, -1, 0, 1]


def test_the_least_worth_goes_first_under_a_budget():
    limits = Limits(NONE, np.array([2.5, np.inf]), np.inf, np.inf)
    assert trimmed(np.array([0, 0, 0, 1]), WORTH, USE, limits).tolist() == [0, -1, 0, 1]


def test_the_least_worth_of_all_goes_first_under_a_limit_on_contacts():
    assert trimmed(np.array([0, 1, 0, 1]), WORTH, USE, Limits(NONE, NONE, 2.0, np.inf)).tolist() == [0, -1, 0, -1]


def test_the_least_worth_of_all_goes_first_under_a_total():
    assert trimmed(np.array([0, 1, 0, 1]), WORTH, USE, Limits(NONE, NONE, np.inf, 3.0)).tolist() == [0, -1, 0, 1]


def test_nobody_loses_anything_where_no_limit_is_reached():
    assert trimmed(np.array([0, -1, 0, 1]), WORTH, USE, Limits(NONE, NONE, np.inf, np.inf)).tolist() == [0, -1, 0, 1]


def test_as_many_lead_as_fit_exactly():
    assert leading(np.array([1.0, 2.0, 3.0]), np.inf, 3.0) == 2
    assert leading(np.array([1.0, 2.0, 3.0]), 1.0, 6.0) == 1
    assert leading(np.array([]), np.inf, 0.0) == 0
