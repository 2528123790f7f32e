from dataclasses import replace

import pytest

from analytics.body import Effect, Estimate
from analytics.figures import by_day, deciles, parts
from tests.analytics import bodies

BODY = bodies.body()


def named(figure, name):
    return next(each for each in figure["data"] if each.get("name") == name)


def test_the_curve_is_drawn_day_by_day():
    line = named(by_day.cumulative(BODY.days, currency="EUR"), "margin per member so far")
    assert (line["x"][0], line["x"][-1]) == ("2026-03-03", "2026-03-16")
    assert line["y"][-1] == pytest.approx(0.21)


def test_both_bands_are_named_in_words_and_the_wider_lies_behind():
    figure = by_day.cumulative(BODY.days, currency="EUR")
    names = [each["name"] for each in figure["data"] if "name" in each]
    assert names == [by_day.ANY_DAY, by_day.ONE_DAY, "margin per member so far"]


def test_a_single_day_is_no_curve():
    assert by_day.cumulative(BODY.days[:1], currency="EUR") is None


def test_tenths_are_drawn_with_their_intervals_beside_what_was_expected():
    figure = deciles.uplift(BODY.deciles, currency="EUR")
    found = named(figure, "what came")
    assert found["x"] == [str(tenth) for tenth in range(1, 11)]
    assert found["y"][0] + found["error_y"]["array"][0] == pytest.approx(BODY.deciles[0].effect.each.high)
    assert found["y"][0] - found["error_y"]["arrayminus"][0] == pytest.approx(BODY.deciles[0].effect.each.low)
    assert named(figure, "what was expected")["y"] == [each.predicted for each in BODY.deciles]


def test_a_tenth_that_could_not_be_measured_leaves_the_others_their_names():
    some = (replace(BODY.deciles[0], effect=Effect(reason="too few")), *BODY.deciles[1:])
    assert named(deciles.uplift(some, currency="EUR"), "what came")["x"] == [str(tenth) for tenth in range(2, 11)]


def test_without_any_tenth_there_is_no_figure():
    assert deciles.uplift((), currency="EUR") is None


def test_steps_end_at_what_all_parts_come_to():
    (steps,) = parts.waterfall(BODY.parts, currency="EUR")["data"]
    assert (steps["measure"][-1], steps["x"][-1]) == ("total", pytest.approx(0.21))
    assert sum(steps["x"][:-1]) == pytest.approx(steps["x"][-1])


def test_without_parts_there_is_no_figure():
    assert parts.waterfall((), currency="EUR") is None


@pytest.mark.parametrize(
    ("figure", "axis"),
    [
        (by_day.cumulative(BODY.days, currency="EUR"), "yaxis"),
        (deciles.uplift(BODY.deciles, currency="EUR"), "yaxis"),
        (parts.waterfall(BODY.parts, currency="EUR"), "xaxis"),
    ],
)
def test_0_is_on_the_axis_of_every_figure(figure, axis):
    assert figure["layout"][axis]["rangemode"] == "tozero"


@pytest.mark.parametrize("value", [Estimate(1.0, 0.5, 1.5), Estimate(-1.0, -1.5, -0.5)])
def test_no_colour_is_written_out(value):
    figure = parts.waterfall((replace(BODY.parts[0], each=value),), currency="EUR")
    assert "#" not in str(figure)
