import numpy as np

from loyalty.profiling import engagement
from loyalty.profiling.engagement import CLICK, OPEN
from loyalty.profiling.records import Events
from tests.loyalty.profiling.worlds import TODAY


def columns(*blocks: list[tuple[int, int, int]], members: int = 1) -> dict[str, list[float]]:
    """The columns of events told as member, days ago and kind."""
    events = [Events(*np.array(block).T) for block in blocks]
    told = [Events(each.member, TODAY - each.day, each.kind) for each in events]
    return {name: found.tolist() for name, found in engagement.columns(told, members=members, on_day=TODAY).items()}


def test_windows_hold_30_and_90_days() -> None:
    told = columns([(0, 1, OPEN), (0, 30, OPEN), (0, 31, OPEN), (0, 90, OPEN), (0, 91, OPEN)])
    assert (told["opens_30"], told["opens_90"]) == ([2], [4])


def test_each_kind_counts_for_itself_and_each_member_too() -> None:
    told = columns([(0, 5, OPEN), (1, 5, CLICK)], members=2)
    assert (told["opens_30"], told["clicks_30"], told["views_30"]) == ([1, 0], [0, 1], [0, 0])


def test_the_last_event_may_be_in_any_block() -> None:
    assert columns([(0, 200, CLICK)], [(0, 120, OPEN)], [(0, 150, OPEN)])["engaged_days"] == [120]


def test_today_and_nobody_do_not_count() -> None:
    told = columns([(0, 0, OPEN), (-1, 3, OPEN)])
    assert told["opens_30"] == [0]
    assert np.isnan(told["engaged_days"]).all()
