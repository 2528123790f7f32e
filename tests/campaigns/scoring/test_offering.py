import json

import numpy as np
import pytest

from campaigns.scoring.offering import LEVELS, MOST_KNOWN, NONE, Offering, fitted
from tests.offers.rules.tables import terms

PAST = terms(
    4,
    kinds=["percent", "percent", "amount", "points"],
    departments=["Drinks", "Home", None, "Drinks"],
    value=[10.0, 30.0, 5.0, 500.0],
    minimum_spend=[0.0, 20.0, 0.0, 10.0],
    valid_from=[100, 100, 100, 100],
)
DAY = np.full(4, 107)


def _fitted() -> Offering:
    return fitted(PAST, day=DAY, given=np.array([5, 5, 0, 5]))


def _column(offering: Offering, name: str, table=PAST, day=107) -> list[float]:
    return offering.rows(table, day=day)[:, offering.names.index(name)].tolist()


def test_a_row_has_a_number_for_every_name_and_a_level():
    offering = _fitted()
    assert offering.rows(PAST, day=107).shape == (4, len(offering.names))
    assert len(offering.levels) == len(offering.names)
    assert set(offering.levels.tolist()) == set(range(len(LEVELS)))


def test_an_offer_is_of_its_kind_department_and_itself():
    offering = _fitted()
    assert _column(offering, "percent") == [1, 1, 0, 0]
    assert _column(offering, "Drinks") == [1, 0, 0, 1]
    assert _column(offering, "O2") == [0, 1, 0, 0]


def test_an_offer_that_nobody_was_given_has_no_weights_of_its_own():
    assert "O3" not in _fitted().known
    assert _fitted().is_known(PAST).tolist() == [True, True, False, True]


def test_depth_is_compared_within_the_kind():
    depth = _column(_fitted(), "depth")
    assert depth[0] == pytest.approx(-1.0)
    assert depth[1] == pytest.approx(1.0)
    assert depth[2:] == [0.0, 0.0]  # there was one of each: nothing to compare with


def test_a_new_offer_is_told_by_its_features_alone():
    offering = _fitted()
    new = terms(1, kinds=["percent"], departments=["Drinks"], value=[30.0])
    new = type(new)(**{**vars(new), "offer_refs": ["new"]})
    row = dict(zip(offering.names, offering.rows(new, day=107)[0].tolist(), strict=True))
    assert (row["any"], row["percent"], row["Drinks"], row["depth"]) == (1, 1, 1, pytest.approx(1.0))
    assert all(row[ref] == 0 for ref in offering.known)


def test_weeks_count_from_the_first_day_and_are_unknown_without_one():
    weeks = fitted(
        terms(3, valid_from=[100, 170, np.iinfo(np.int32).min]), day=np.full(3, 170), given=np.ones(3, dtype=int)
    )
    found = _column(weeks, "weeks", terms(3, valid_from=[100, 170, np.iinfo(np.int32).min]), 170)
    assert found[0] == pytest.approx(1.0)
    assert found[1] == pytest.approx(-1.0)
    assert found[2] == 0.0


def test_no_more_offers_are_known_than_those_given_most():
    many = terms(MOST_KNOWN + 5)
    given = np.arange(MOST_KNOWN + 5)
    found = fitted(many, day=np.zeros(len(many)), given=given)
    assert set(found.known) == set(many.offer_refs[5:])


def test_without_past_offers_all_offers_are_alike():
    assert NONE.rows(PAST, day=107).tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0]] * 4


def test_no_offers_have_no_rows():
    assert _fitted().rows(terms(0), day=107).shape == (0, len(_fitted().names))


def test_an_offering_survives_being_stored():
    assert Offering.from_json(json.loads(json.dumps(_fitted().to_json()))) == _fitted()
