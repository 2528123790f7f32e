import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.assignment.choice import Choice, choice


def _choice(reduced: list, *, each: int = 1, most: list | None = None, category: list | None = None) -> Choice:
    values = np.array(reduced, dtype=float)
    n, k = values.shape
    return choice(
        values,
        np.full(n, each) if most is None else np.array(most),
        np.arange(k) if category is None else np.array(category),
        each,
    )


def test_a_margin_is_the_advantage_over_the_best_other_offer_or_nothing():
    found = _choice([[5.0, 3.0, -1.0], [-2.0, -1.0, -np.inf]])
    assert found.margin.tolist() == [[2.0, -2.0, -6.0], [-2.0, -1.0, -np.inf]]


def test_with_two_places_an_offer_has_to_beat_the_second_best_of_the_others():
    found = _choice([[5.0, 3.0, 2.0]], each=2)
    assert (found.offer.tolist(), found.gained.tolist()) == ([[0, 1]], [8.0])
    assert found.margin.tolist() == [[3.0, 1.0, -1.0]]


def test_of_one_category_only_the_best_is_taken():
    found = _choice([[5.0, 4.0, 1.0]], each=2, category=[0, 0, 1])
    assert found.offer.tolist() == [[0, 2]]
    assert found.margin.tolist() == [[1.0, -1.0, 1.0]]


def test_nobody_takes_more_than_they_may():
    found = _choice([[5.0, 4.0]] * 3, each=2, most=[0, 1, 2])
    assert found.offer.tolist() == [[-1, -1], [0, -1], [0, 1]]
    assert found.gained.tolist() == [0.0, 5.0, 9.0]
    assert (found.margin[0] == -np.inf).all()


@st.composite
def _members(draw):
    k = draw(st.integers(1, 5))
    values = draw(st.lists(st.integers(-8, 20), min_size=k, max_size=k, unique=True))
    category = draw(st.lists(st.integers(0, k - 1), min_size=k, max_size=k))
    each = draw(st.integers(1, 3))
    return np.array(values, dtype=float), np.unique(category, return_inverse=True)[1], each, draw(st.integers(0, each))


def _best_of_all(values: np.ndarray, category: np.ndarray, most: int) -> float:
    sets = itertools.chain.from_iterable(itertools.combinations(range(len(values)), size) for size in range(most + 1))
    return max(sum(values[list(some)]) for some in sets if len({int(category[j]) for j in some}) == len(some))


@settings(max_examples=200, deadline=None)
@given(_members())
def test_no_other_set_of_offers_is_worth_more(member):
    values, category, each, most = member
    found = choice(values[None], np.array([most]), category, each)
    taken = found.offer[0][found.offer[0] >= 0]
    assert found.gained[0] == pytest.approx(values[taken].sum()) == pytest.approx(_best_of_all(values, category, most))


@settings(max_examples=200, deadline=None)
@given(_members(), st.data())
def test_an_offer_is_in_as_long_as_its_value_falls_by_less_than_its_margin(member, data):
    values, category, each, most = member
    j = data.draw(st.integers(0, len(values) - 1))
    margin = choice(values[None], np.array([most]), category, each).margin[0, j]
    for change, is_in in ((0.25, True), (-0.25, False)):
        moved = values.copy()
        moved[j] += change - margin if np.isfinite(margin) else 0.0
        found = choice(moved[None], np.array([most]), category, each)
        assert (j in found.offer[0]) == (is_in and most > 0)
