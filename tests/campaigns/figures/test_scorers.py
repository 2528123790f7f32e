import json

from campaigns.figures import scorers
from tests.campaigns.training.cards import BINS, card

TOLD = card().to_json()["quality"]


def test_calibration_leaves_out_bins_that_tell_nothing():
    same, came = scorers.calibration(TOLD["calibration"])["data"]
    assert came["x"] == [0.05, 0.15]
    assert len(came["x"]) == len(BINS) - 1
    assert same["x"] == same["y"]


def test_intervals_end_where_they_end():
    _, came = scorers.calibration(TOLD["calibration"])["data"]
    assert came["y"][1] + came["error_y"]["array"][1] == 0.25
    assert round(came["y"][1] - came["error_y"]["arrayminus"][1], 9) == 0.15


def test_the_straight_line_of_qini_ends_with_the_curve():
    found, chance = scorers.qini(TOLD["qini"])["data"]
    assert [chance["x"][-1], chance["y"][-1]] == [found["x"][-1], found["y"][-1]] == [1.0, 0.5]


def test_tenths_keep_their_place_where_one_tells_nothing():
    predicted, changed = scorers.uplift(TOLD["uplift"])["data"]
    assert (predicted["x"], changed["x"]) == ([1, 2, 3], [1, 2])


def test_nothing_to_show_gives_no_figure():
    assert scorers.calibration([]) is scorers.qini(None) is scorers.uplift([]) is None


def test_figures_go_into_a_page_as_they_are():
    assert json.dumps(
        [scorers.calibration(TOLD["calibration"]), scorers.qini(TOLD["qini"]), scorers.uplift(TOLD["uplift"])]
    )
