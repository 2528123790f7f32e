import numpy as np
import pandas as pd
import pytest

from loyalty.profiling import rfm


def cell(recency: int, frequency: int, monetary: int) -> str:
    codes = rfm.cells(*(np.array([float(score)]) for score in (recency, frequency, monetary)))
    return rfm.CELL_NAMES[codes[0]]


def test_ten_members_fall_into_five_equal_parts() -> None:
    assert rfm.scores(np.arange(10.0)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_the_lowest_is_best_for_recency() -> None:
    assert rfm.scores(np.arange(10.0), low_is_best=True).tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]


@pytest.mark.parametrize("seed", range(20))
def test_equal_values_get_equal_scores(seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 6, 50).astype(float)
    scores = rfm.scores(values)
    assert all(len(set(scores[values == value])) <= 1 for value in range(6))


def test_where_all_are_equal_all_get_the_same_score() -> None:
    assert set(rfm.scores(np.full(7, 3.0))) == {1}


@pytest.mark.parametrize("seed", range(20))
def test_scores_equal_those_of_pandas(seed: int) -> None:
    values = np.random.default_rng(seed).gamma(0.5, 100, 333).round(2)
    assert rfm.scores(values).tolist() == pd.qcut(values, 5, labels=False).__add__(1).tolist()
    assert rfm.scores(values, low_is_best=True).tolist() == pd.qcut(values, 5, labels=[5, 4, 3, 2, 1]).tolist()


def test_members_without_a_value_are_not_scored_and_move_no_cut_point() -> None:
    with_gaps = rfm.scores(np.array([np.nan, 0, 1, np.nan, 2, 3, 4]))
    np.testing.assert_equal(with_gaps, [np.nan, 1, 2, np.nan, 3, 4, 5])


def test_nobody_scored_is_no_error() -> None:
    assert np.isnan(rfm.scores(np.full(3, np.nan))).all()


def test_the_cut_points_can_be_chosen() -> None:
    assert rfm.scores(np.arange(10.0), cuts=(4.5,)).tolist() == [1] * 5 + [2] * 5


def test_cells_are_named_by_recency_and_the_mean_of_the_other_scores() -> None:
    assert cell(5, 5, 5) == "Champion"
    assert cell(5, 1, 1) == "Newcomer"
    assert cell(1, 5, 5) == "Must not lose"
    assert cell(1, 1, 1) == "Hibernating"
    assert cell(3, 3, 3) == "Needs attention"


def test_half_a_score_counts_as_the_next() -> None:
    assert cell(5, 3, 4) == cell(5, 4, 4) == "Champion"


def test_every_pair_of_scores_has_a_cell_and_every_name_occurs() -> None:
    assert {name for row in rfm.GRID for name in row} == set(rfm.CELL_NAMES)
    assert [len(row) for row in rfm.GRID] == [5] * 5


def test_a_member_without_scores_is_in_no_cell() -> None:
    assert rfm.cells(np.array([np.nan]), np.array([1.0]), np.array([1.0])).tolist() == [-1]


def test_own_cut_points_score_by_how_many_are_exceeded() -> None:
    told = rfm.scores(np.array([7, 8, 30, 31, 181, np.nan]), cuts=(7, 30, 90, 180), low_is_best=True)
    np.testing.assert_equal(told, [5, 4, 4, 3, 1, np.nan])


def test_a_scheme_without_anything_is_the_usual_one() -> None:
    assert rfm.scheme({}) == rfm.USUAL
    assert rfm.USUAL.names == rfm.CELL_NAMES


def test_own_names_are_given_to_the_cells() -> None:
    names = [["Gone"] * 5, ["Gone"] * 5, ["Here"] * 5, ["Here"] * 5, ["Here"] * 4 + ["Best"]]
    own = rfm.scheme({"names": names})
    assert own.names == ("Gone", "Here", "Best")
    five, one = np.array([5.0]), np.array([1.0])
    assert [own.names[rfm.cells(*scores, of=own)[0]] for scores in ((five,) * 3, (one,) * 3)] == ["Best", "Gone"]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ([1, 2, 3, 4], "give cut points and names by name"),
        ({"spend": [1, 2, 3, 4]}, "RFM knows no spend: give cut points for recency_days, baskets_365, spend_365"),
        ({"spend_365": [1, 2, 3]}, "give four numbers, such as"),
        ({"spend_365": "much"}, "give four numbers, such as"),
        ({"spend_365": [1, 2, "3", 4]}, "give four numbers, such as"),
        ({"spend_365": [1, 2, 2, 4]}, "each must be higher than the one before"),
        ({"names": [["A"] * 5] * 4}, "five lists of five"),
        ({"names": [["A"] * 4 + [" "]] * 5}, "cannot name an RFM cell"),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused_in_a_sentence(told: object, sentence: str) -> None:
    with pytest.raises(rfm.RfmError, match=sentence):
        rfm.scheme(told)
