from dataclasses import replace

import pytest

from analytics.judging import effects
from analytics.measurement.lift import Lift, NotMeasured

LIFT = Lift(
    estimate=2.0, low=1.0, high=3.0, p=0.001, relative=0.2, relative_low=0.1, relative_high=0.3, df=99.0, error=0.5
)


def test_in_total_is_per_member_times_the_members():
    told = effects.effect(LIFT, members=10)
    assert (told.in_total.value, told.in_total.low, told.in_total.high) == (20, 10, 30)


def test_what_was_not_measured_has_a_reason_and_no_number():
    told = effects.effect(NotMeasured("No purchases."), members=10)
    assert (told.each, told.relative, told.in_total, told.reason) == (None, None, None, "No purchases.")


def test_a_number_that_is_not_finite_is_not_told():
    told = effects.effect(replace(LIFT, high=float("inf")))
    assert told.each is None
    assert told.reason == effects.BEYOND


def test_an_interval_for_every_look_is_wider_and_narrows_in_errors_as_time_passes():
    early, late = (effects.always(LIFT, passed=passed, level=0.95) for passed in (0.1, 1.0))
    assert early.low < late.low < LIFT.low
    assert early.high > late.high > LIFT.high


@pytest.mark.parametrize(("lift", "passed"), [(NotMeasured("."), 0.5), (replace(LIFT, error=0.0), 0.5), (LIFT, 0.0)])
def test_without_an_error_or_any_time_there_is_none(lift, passed):
    assert effects.always(lift, passed=passed, level=0.95) is None
