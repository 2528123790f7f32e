import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.by_day import Day, cumulative
from analytics.measurement.lift import welch
from tests.analytics.measurement.reading import lift_of, reason_of

MEMBERS, DAYS, LINES = 600, 10, 4000
RNG = np.random.default_rng(110)
MEMBER, DAY = RNG.integers(MEMBERS, size=LINES), RNG.integers(DAYS, size=LINES)
VALUE = RNG.normal(20, 15, LINES)  # returns among them
TREATED = RNG.random(MEMBERS) < 0.7


def days(**changed: int) -> tuple[Day, ...]:
    return cumulative(MEMBER, DAY, VALUE, TREATED, **{"planned_days": DAYS, **changed})


def test_each_day_is_the_lift_of_all_until_then() -> None:
    for day in days():
        until = day.day >= DAY
        totals = np.bincount(MEMBER[until], VALUE[until], MEMBERS)
        expected = lift_of(welch(moments.of(totals[TREATED]), moments.of(totals[~TREATED])))
        found = lift_of(day.lift)
        assert (found.estimate, found.error, found.p) == pytest.approx(
            (expected.estimate, expected.error, expected.p), rel=1e-9
        )


def test_the_interval_for_every_day_is_wider_than_for_the_last_alone() -> None:
    for day in days():
        found = lift_of(day.lift)
        assert day.always_valid is not None
        assert day.always_valid.low < found.low < found.high < day.always_valid.high
        assert day.always_valid.p >= found.p


def test_the_order_of_lines_is_irrelevant() -> None:
    order = RNG.permutation(LINES)
    shuffled = cumulative(MEMBER[order], DAY[order], VALUE[order], TREATED, planned_days=DAYS)
    assert [lift_of(day.lift).estimate for day in shuffled] == pytest.approx(
        [lift_of(day.lift).estimate for day in days()]
    )


def test_an_open_window_ends_on_its_last_day() -> None:
    assert [day.day for day in days(days=4)] == [0, 1, 2, 3]
    assert days(days=4) == days()[:4]


def test_a_day_on_which_nobody_bought_changes_nothing() -> None:
    kept = DAY != 5
    found = cumulative(MEMBER[kept], DAY[kept], VALUE[kept], TREATED, planned_days=DAYS)
    assert found[5].lift == found[4].lift


def test_days_before_the_first_purchase_are_not_measured() -> None:
    found = cumulative(MEMBER, DAY + 2, VALUE, TREATED, planned_days=DAYS)
    assert "spread" in reason_of(found[0].lift)
    assert found[0].always_valid is None
    assert found[2].always_valid is not None


@pytest.mark.parametrize(
    ("member", "day", "reason"), [(MEMBERS, 0, "no member"), (-1, 0, "no member"), (0, -1, "before the outcome")]
)
def test_lines_of_nobody_or_of_days_before_are_refused(member: int, day: int, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        cumulative(np.array([member]), np.array([day]), np.ones(1), TREATED, planned_days=DAYS)


def test_a_line_without_its_day_is_refused() -> None:
    with pytest.raises(ValueError, match="a member, a day and a value"):
        cumulative(np.array([1, 2]), np.array([1]), np.ones(2), TREATED, planned_days=DAYS)
