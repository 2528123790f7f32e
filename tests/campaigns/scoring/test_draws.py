from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring.draws import NOTHING, Draws, joined, observed_chances
from tests.offers.rules.tables import terms

# Of two sets of chances the first draws between both offers and nothing, the second never gives the second offer.
CHANCES = np.array([[0.5, 0.25], [0.8, 0.0]])


def _draws(**changed) -> Draws:
    return Draws(
        **{
            "offers": terms(2),
            "day": np.zeros(2, dtype=np.int32),
            "offer": np.array([0, 1, NOTHING, 0], dtype=np.int32),
            "design": np.array([0, 0, 0, 1], dtype=np.int32),
            "chances": CHANCES,
            "basis": np.arange(4, dtype=np.float32)[:, None],
            "names": ("one",),
        }
        | changed
    )


def test_the_probability_of_a_decision_is_that_of_what_was_given():
    assert _draws().probability == pytest.approx([0.5, 0.25, 0.25, 0.8])


def test_what_had_no_chance_was_not_drawn():
    with pytest.raises(ValueError, match="given that had no chance"):
        _draws(design=np.array([0, 1, 0, 1], dtype=np.int32))


@pytest.mark.parametrize("chances", [[[0.9, 0.2]], [[-0.1, 0.2]]])
def test_chances_are_probabilities(chances):
    with pytest.raises(ValueError, match="Chances are probabilities"):
        _draws(chances=np.array(chances), design=np.zeros(4, dtype=np.int32))


@pytest.mark.parametrize("changed", [{"offer": np.zeros(3, dtype=np.int32)}, {"offers": terms(3)}, {"names": ()}])
def test_what_does_not_fit_together_is_refused(changed):
    with pytest.raises(ValueError, match="Draws need"):
        _draws(**changed)


def test_some_of_the_decisions_keep_what_was_theirs():
    some = _draws().take(np.array([False, True, True, False]))
    assert some.probability.tolist() == [0.25, 0.25]
    assert some.basis.ravel().tolist() == [1.0, 2.0]


def test_joined_draws_have_the_probabilities_they_had():
    both = joined([_draws(), _draws()])
    assert both.probability == pytest.approx(np.tile(_draws().probability, 2))
    assert both.offer.tolist() == [0, 1, NOTHING, 0, 2, 3, NOTHING, 2]
    assert len(both.offers) == 4


def test_draws_of_different_bases_are_not_joined():
    with pytest.raises(ValueError, match="different bases"):
        joined([_draws(), replace(_draws(), names=("other",))])


def test_observed_chances_are_shares_of_all_decisions():
    assert observed_chances(np.array([0, 0, 1, NOTHING]), 3).tolist() == [[0.5, 0.25, 0.0]]
