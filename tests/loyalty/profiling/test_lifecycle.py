import numpy as np
import pytest

from loyalty.profiling import lifecycle
from loyalty.profiling.visits import gather, shopping_days
from tests.loyalty.profiling import naive
from tests.loyalty.profiling.worlds import TODAY, visits

LONG_AGO = TODAY - 2000


def rhythm(*ages: int) -> lifecycle.Rhythm:
    return lifecycle.rhythm(shopping_days(gather(visits(*ages)), 1))


def stage(
    *ages: int, joined: int | None = None, history: int | None = None, typical: float | None = None
) -> tuple[str, float]:
    """The stage, and its length in days, of one member who shopped, and joined, so many days ago."""
    told = lifecycle.stages(
        rhythm(*ages),
        np.array([-1 if joined is None else TODAY - joined]),
        on_day=TODAY,
        history_start=LONG_AGO if history is None else TODAY - history,
        typical=typical,
    )
    return lifecycle.STAGES[told.code[0]], told.days[0]


def every(gap: int, *, since: int, until: int) -> range:
    return range(since, until - 1, -gap)


def test_the_interval_is_the_mean_gap_between_shopping_days() -> None:
    assert lifecycle.own_intervals(rhythm(40, 40, 30, 10)) == [15]


def test_one_shopping_day_has_no_interval() -> None:
    assert np.isnan(lifecycle.own_intervals(rhythm(40, 40))[0])


def test_a_member_who_never_bought_is_dated_by_joining() -> None:
    assert stage(joined=12) == ("never bought", 12)


def test_a_member_who_never_bought_and_joined_on_an_unknown_day_has_no_date() -> None:
    name, days = stage()
    assert name == "never bought"
    assert np.isnan(days)


def test_new_lasts_60_days_from_the_first_shopping_day() -> None:
    assert stage(60) == ("new", 59)
    assert stage(61, 20)[0] == "established"


def test_who_joined_before_the_history_starts_is_not_new() -> None:
    assert stage(20, 10, joined=500, history=30)[0] == "established"


def test_who_joined_within_the_history_and_first_bought_now_is_new() -> None:
    assert stage(20, 10, joined=500, history=600)[0] == "new"


def test_who_joined_on_the_first_day_of_the_history_is_known_from_the_start() -> None:
    assert stage(20, 10, joined=500, history=500)[0] == "new"


def test_a_member_within_twice_the_own_interval_is_established() -> None:
    assert stage(*every(20, since=100, until=40)) == ("established", 39)


def test_one_day_beyond_twice_the_own_interval_is_lapsing() -> None:
    assert stage(*every(20, since=101, until=41)) == ("lapsing", 0)


def test_the_same_silence_is_early_for_one_and_late_for_another() -> None:
    assert stage(*every(45, since=135, until=45))[0] == "established"
    assert stage(*every(15, since=135, until=45))[0] == "lapsing"


def test_a_very_regular_member_is_given_28_days() -> None:
    assert stage(*every(3, since=88, until=28))[0] == "established"
    assert stage(*every(3, since=89, until=29))[0] == "lapsing"


def test_a_very_rare_member_is_given_a_year() -> None:
    assert stage(1164, 764, 364)[0] == "established"
    assert stage(1165, 765, 365)[0] == "lapsing"


def test_a_member_with_one_shopping_day_is_judged_by_the_typical_interval() -> None:
    assert stage(70, typical=35)[0] == "established"
    assert stage(71, typical=35)[0] == "lapsing"


def test_coming_back_after_lapsing_is_reactivation_for_30_days() -> None:
    habit = every(10, since=300, until=200)
    assert stage(*habit, 30) == ("reactivated", 29)
    assert stage(*habit, 31) == ("established", 0)


def test_the_silence_does_not_excuse_itself() -> None:
    # The mean gap with the silence is 150 days, and 289 days are within twice of it; before the silence it was 11.
    assert stage(300, 289, 1)[0] == "reactivated"


def test_an_ordinary_gap_is_no_reactivation() -> None:
    assert stage(*every(20, since=300, until=60), 21)[0] == "established"


def test_the_typical_interval_is_the_median_of_those_known() -> None:
    assert lifecycle.typical_interval(np.array([np.nan, 10, 50, 20])) == 20


def test_the_typical_interval_without_any_is_30_days() -> None:
    assert lifecycle.typical_interval(np.array([np.nan])) == 30


@pytest.mark.parametrize("seed", range(20))
def test_the_stage_is_the_defined_one_on_every_day_of_a_year(seed: int) -> None:
    ages = np.random.default_rng(seed).integers(1, 400, 9).tolist()
    shopped = sorted({TODAY - age for age in ages})
    for day in range(TODAY - 365, TODAY + 1):
        known = rhythm(*(age for age in ages if TODAY - age < day))
        told = lifecycle.stages(known, np.array([-1]), on_day=day, history_start=LONG_AGO, typical=20.0)
        assert lifecycle.STAGES[told.code[0]] == naive.stage_on(day, shopped, shopped[0], 20.0)


# -- changes -----------------------------------------------------------------------------------------------------------


def changes(shopped: list[int], *, joined: int = -1, on_day: int = TODAY, typical: float = 20.0) -> list[tuple]:
    days = np.array(shopped, dtype=np.int64)
    told = lifecycle.changes(days, joined, on_day=on_day, history_start=LONG_AGO, typical=typical)
    return [(day, lifecycle.STAGES[code]) for day, code in told]


@pytest.mark.parametrize("seed", range(40))
def test_stages_change_on_the_days_on_which_the_definition_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shopped = sorted({TODAY - age for age in rng.integers(1, 500, rng.integers(0, 14)).tolist()})
    joined = int(TODAY - rng.integers(1, 600)) if seed % 2 else -1
    expected, now = [], None
    for day in range(TODAY - 700, TODAY + 1):
        before = [each for each in shopped if each < day]
        began = joined if 0 <= joined < LONG_AGO else (before[0] if before else None)
        stage = naive.stage_on(day, before, began, 20.0)
        known = before or 0 <= joined <= day
        if known and stage != now:
            expected.append((day, stage))
            now = stage
    assert changes(shopped, joined=joined) == expected


@pytest.mark.parametrize("seed", range(20))
def test_the_last_change_is_the_present_stage_and_when_it_began(seed: int) -> None:
    ages = sorted(set(np.random.default_rng(seed).integers(1, 400, 9).tolist()), reverse=True)
    name, days = stage(*ages, typical=20.0)
    assert changes([TODAY - age for age in ages])[-1] == (TODAY - days, name)


def test_what_comes_later_changes_nothing_that_was() -> None:
    shopped = [TODAY - age for age in (300, 290, 280, 100, 90, 3)]
    whole = changes(shopped)
    assert changes(shopped, on_day=TODAY - 50) == [each for each in whole if each[0] <= TODAY - 50]


def test_a_member_of_whom_nothing_is_known_has_no_stages() -> None:
    assert changes([]) == []
    assert changes([TODAY], joined=TODAY + 1) == []


def test_who_joined_and_never_bought_has_that_alone() -> None:
    assert changes([], joined=TODAY - 9) == [(TODAY - 9, "never bought")]


def test_a_life_reads_as_it_went() -> None:
    # Every 10 days for a while, then a silence of 220 days, and one more purchase; the mean gap is 45 days then.
    went = [
        (TODAY - 400, "never bought"),
        (TODAY - 369, "new"),
        (TODAY - 309, "established"),
        (TODAY - 291, "lapsing"),
        (TODAY - 99, "reactivated"),
        (TODAY - 69, "established"),
        (TODAY - 9, "lapsing"),
    ]
    assert changes([TODAY - age for age in (370, 360, 350, 340, 330, 320, 100)], joined=TODAY - 400) == went
