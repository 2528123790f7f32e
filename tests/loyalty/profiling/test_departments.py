import numpy as np

from loyalty.profiling import departments
from loyalty.profiling.departments import Bought
from tests.loyalty.profiling.worlds import TODAY, lines, visits


def bought(*rows: dict[str, int]) -> Bought:
    return departments.bought(lines(*rows), members=1, departments=2, on_day=TODAY)


def test_a_window_holds_the_days_before_and_no_more() -> None:
    told = departments.bought(visits(30, 31, 90, 91, 365, 366), members=1, departments=1, on_day=TODAY)
    assert told.lines[:, 0, 0].tolist() == [1, 3, 5]
    assert told.net_e4[:, 0, 0].tolist() == [10_000, 30_000, 50_000]


def test_a_return_is_taken_off_spend_and_is_no_line_bought() -> None:
    told = bought({"net_e4": 50_000}, {"net_e4": -20_000})
    assert (told.net_e4[0, 0, 0], told.lines[0, 0, 0]) == (30_000, 1)


def test_a_line_without_a_department_counts_among_all_lines_only() -> None:
    told = bought({"department": -1}, {"department": 1})
    assert told.lines[2].tolist() == [[0], [1]]
    assert told.all_lines.tolist() == [2]


def test_the_foremost_departments_have_most_lines_and_keep_their_order() -> None:
    assert departments.foremost(np.array([5] * 6 + [9] + [5] * 8)) == [*range(11), 11]
    assert departments.foremost(np.array([0, *range(20)])) == list(range(9, 21))
