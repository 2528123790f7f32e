import pytest

from analytics.body import Needed, Verdict
from analytics.telling import remedies


def of(**facts):
    defaults = {"times": 2.0, "members": 3_311, "held_out": 0.2, "more_members": 3_311}
    return remedies.of(Verdict("not_yet_known", "", needed=Needed(**{**defaults, **facts})))


def test_a_larger_holdout_is_told_in_points_more():
    assert "hold out 30 % of as many members instead of 20 % (10 points more)" in of(larger_holdout=0.2961)[0]


def test_a_share_is_never_rounded_to_the_present_one():
    assert "hold out 21 %" in of(larger_holdout=0.2001)[0]


def test_a_holdout_that_gives_away_too_much_is_not_recommended():
    assert all("hold out" not in remedy for remedy in of(larger_holdout=0.45))


def test_without_such_a_holdout_running_it_again_comes_first():
    first, second = of()
    assert first.startswith("Run it once more")
    assert "6,622 members instead of 3,311" in second


@pytest.mark.parametrize(("times", "told"), [(1.2, "once more"), (2.4, "2 more times"), (3.9, "3 more times")])
def test_rounds_are_whole_ones(times, told):
    assert told in of(times=times)[0]


def test_before_many_rounds_a_wider_segment_is_recommended():
    assert of(times=9.5)[0].startswith("Choose a wider segment")


def test_where_nothing_reasonable_would_do_it_is_said():
    assert remedies.of(Verdict("not_yet_known", "")) == [remedies.TOO_SMALL, remedies.TOGETHER]


def test_reports_that_were_frozen_in_words_are_still_told():
    (only,) = remedies.of(Verdict("not_yet_known", "", ("9 more days", "a holdout of 20 %")))
    assert only == "To know, it takes 9 more days or a holdout of 20 %."
