import math

import numpy as np
import pytest
from scipy import stats

from analytics.measurement.validity import sample_ratio_by, sample_ratio_overall

SHARES = (0.1, 0.9)
LABELS = [f"day {number}" for number in range(1, 31)]


def days(seed: int, *, lost_on_the_third: float = 0.0, members: int = 60_000) -> np.ndarray:
    """(30, 2) held-out and treated members of each day, a share of the third day's held-out ones lost."""
    rng = np.random.default_rng(seed)
    held_out = rng.binomial(members // 30, SHARES[0], 30)
    treated = members // 30 - held_out
    held_out[2] = rng.binomial(held_out[2], 1 - lost_on_the_third)
    return np.column_stack([held_out, treated])


def test_planned_sizes_are_fine() -> None:
    guard = sample_ratio_overall((1000, 9000), SHARES)
    assert (guard.name, guard.state, guard.figure) == ("sample_ratio", "fine", 1.0)


def test_lost_members_stop_the_report_and_the_sentence_says_what_to_do() -> None:
    guard = sample_ratio_overall((800, 9000), SHARES)
    assert guard.state == "stop"
    assert "check the assignments" in guard.sentence


@pytest.mark.parametrize("counts", [(1, 9), (math.nan, 900)])
def test_what_cannot_be_checked_is_unknown(counts: tuple[float, float]) -> None:
    assert sample_ratio_overall(counts, SHARES).state == "unknown"


def test_a_day_on_which_members_were_lost_is_found_where_the_whole_looks_fine() -> None:
    counts = days(3, lost_on_the_third=0.5)
    guard = sample_ratio_by("day", LABELS, counts, SHARES)
    assert (guard.name, guard.state) == ("sample_ratio_by_day", "stop")
    assert "by day: day 3." in guard.sentence
    assert sample_ratio_overall(counts.sum(axis=0), SHARES).state == "fine"


def test_days_as_planned_are_fine() -> None:
    assert sample_ratio_by("day", LABELS, days(4), SHARES).state == "fine"


def test_false_alarms_over_all_days_are_one_in_a_thousand() -> None:
    states = [sample_ratio_by("day", LABELS, days(seed), SHARES).state for seed in range(1000)]
    # Three standard errors over 1,000 worlds are 0.3 points.
    assert states.count("stop") / 1000 <= 0.001 + 0.003


def test_without_the_correction_there_would_be_more() -> None:
    found = np.array([days(seed) for seed in range(1000)])
    expected = found.sum(axis=2, keepdims=True) * np.array(SHARES)
    alarms = (stats.chisquare(found, expected, axis=2).pvalue < 0.001).any(axis=1)
    assert alarms.mean() > 0.015  # negative control: thirty days at 1 in 1,000 each


def test_parts_may_have_shares_of_their_own() -> None:
    counts, shares = [[500, 500], [100, 900]], [[0.5, 0.5], [0.1, 0.9]]
    assert sample_ratio_by("segment", ["one", "other"], counts, shares).state == "fine"
    assert sample_ratio_by("segment", ["one", "other"], counts, SHARES).state == "stop"


def test_many_places_are_counted_rather_than_listed() -> None:
    guard = sample_ratio_by("channel", list("abcde"), [[500, 500]] * 5, SHARES)
    assert "a, b, c and 2 more" in guard.sentence


def test_parts_that_are_all_too_small_are_unknown() -> None:
    assert sample_ratio_by("segment", ["one", "other"], [[1, 2], [0, 3]], SHARES).state == "unknown"
    assert sample_ratio_by("segment", [], np.zeros((0, 2)), SHARES).state == "unknown"


def test_a_part_without_its_label_is_refused() -> None:
    with pytest.raises(ValueError, match="its label"):
        sample_ratio_by("day", ["one"], [[1, 2], [3, 4]], SHARES)
