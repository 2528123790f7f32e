import numpy as np
import pytest

from campaigns.scoring.affinity import learn, values
from campaigns.scoring.opening import opened
from tests.campaigns.scoring.worlds import DEPARTMENTS, members, nothing
from tests.offers.rules.tables import terms


def test_a_stored_scorer_is_opened_by_its_kind():
    assert opened("affinity", learn(nothing()).to_json()) == learn(nothing())


def test_an_unknown_kind_is_refused_with_the_ones_there_are():
    with pytest.raises(ValueError, match="use one of affinity"):
        opened("oracle", {})


def test_by_affinity_the_value_for_ranking_is_what_is_expected():
    scorer, arguments = learn(nothing()), (members(50, seed=1), terms(3, departments=list(DEPARTMENTS)))
    scores, parts = scorer.scores(*arguments, contact_cost=0.01), values(scorer, *arguments, contact_cost=0.01)
    assert np.array_equal(scores.value, parts.value)
    assert np.array_equal(scores.expected, parts.value)
    assert np.array_equal(scores.redeem, parts.redeem)
