import pytest

from campaigns.training import periods
from campaigns.training.periods import split
from tests.campaigns.training.worlds import nothing, past

MEMBERS = 20


@pytest.mark.parametrize(("runs", "later"), [(0, 0), (1, 0), (2, 1), (3, 1), (6, 2), (9, 3)])
def test_of_few_decisions_the_latest_third_of_the_periods_judge(runs, later):
    earlier, judging = split([past(number, nothing, members=MEMBERS) for number in range(runs)])
    assert (len(earlier), len(judging)) == (runs - later, later)


def test_of_many_decisions_as_few_periods_judge_as_are_enough(monkeypatch):
    monkeypatch.setattr(periods, "ENOUGH_TO_JUDGE", 2 * MEMBERS)
    _, judging = split([past(number, nothing, members=MEMBERS) for number in range(9)])
    assert len(judging) == 2


def test_runs_that_began_on_one_day_are_on_the_same_side():
    runs = [past(number, nothing, members=MEMBERS) for number in (0, 0, 1, 1)]
    earlier, judging = split(runs)
    assert {run.day for run in earlier}.isdisjoint({run.day for run in judging})
    assert (len(earlier), len(judging)) == (2, 2)


def test_later_means_later_whatever_the_order_in_which_they_come():
    earlier, judging = split([past(number, nothing, members=MEMBERS) for number in (4, 0, 3, 1, 2)])
    assert max(run.day for run in earlier) < min(run.day for run in judging)
