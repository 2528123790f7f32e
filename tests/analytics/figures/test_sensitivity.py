from dataclasses import replace

import pytest

from analytics.earlier import Window
from analytics.figures import sensitivity
from analytics.measurement.lift import NotMeasured
from analytics.measurement.power import DetectableLift
from analytics.powering import Plan, Point, Power
from tests import making

NOTHING = NotMeasured("too few")
POINTS = tuple(Point(share, DetectableLift(1.0, share / 10), DetectableLift(2.0, share / 5)) for share in (0.1, 0.5))
POWER = Power(Plan("spend", 0.1, 14), 100, 100, Window(making.NOON, 14), 10.0, 0.5, POINTS[0].detectable, POINTS)


def line(figure, name):
    return next(each for each in figure["data"] if each["name"] == name)


def test_lifts_and_shares_are_drawn_in_per_cent():
    drawn = line(sensitivity.curve(POWER), "with what members did before")
    assert (drawn["x"], drawn["y"]) == (pytest.approx([10, 50]), pytest.approx([1, 5]))


def test_the_plan_is_marked():
    drawn = line(sensitivity.curve(POWER), "as planned")
    assert (drawn["x"], drawn["y"]) == (pytest.approx([10]), pytest.approx([1]))


def test_both_axes_begin_at_0():
    layout = sensitivity.curve(POWER)["layout"]
    assert [layout[axis]["rangemode"] for axis in ("xaxis", "yaxis")] == ["tozero", "tozero"]


def test_a_point_that_cannot_be_told_is_left_out():
    power = replace(POWER, curve=(Point(0.05, NOTHING, NOTHING), *POINTS))
    assert line(sensitivity.curve(power), "with what members did before")["x"] == pytest.approx([10, 50])


def test_without_any_lift_in_per_cent_there_is_no_figure():
    power = replace(POWER, curve=tuple(Point(each.share, DetectableLift(1.0, None), NOTHING) for each in POINTS))
    assert sensitivity.curve(power) is None
