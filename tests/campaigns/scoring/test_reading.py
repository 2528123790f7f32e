"""What the loops read is planned by how features are kept, and by nothing that differs between members."""

from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import columns
from campaigns.scoring.basis import fitted
from campaigns.scoring.filling import Filling
from campaigns.scoring.reading import addresses, kept, places, values
from config.bench import shoppers
from loyalty.profiling.steps import narrowed
from loyalty.profiling.table import Profiles

FEATURES = ("opens_90", "tenure_days", "recency_days", "lifecycle")


@pytest.fixture(scope="module")
def members() -> Profiles:
    drawn = shoppers.profiles(500, np.random.default_rng(1))
    return replace(drawn, columns={name: narrowed(column) for name, column in drawn.columns.items()})


def _barred(members: Profiles, name: str) -> Profiles:
    return replace(members, features={**members.features, name: replace(members.features[name], sensitive=True)})


def test_some_of_the_members_are_kept_like_all(members):
    assert kept(members.take(np.arange(9)), FEATURES) == kept(members, FEATURES)


def test_what_may_not_decide_is_not_read(members):
    found = kept(_barred(members, "tenure_days"), FEATURES)
    assert [each is None for each in found] == [False, True, False, False]
    assert np.isnan(values(_barred(members, "tenure_days"), "tenure_days")).all()


def test_what_the_profiles_lack_is_not_read(members):
    assert kept(members, ("shoe_size",)) == (None,)


def test_small_whole_numbers_are_looked_up_and_all_others_read(members):
    basis = fitted(members)
    filling = Filling(basis, columns)
    filling.rows(members)
    (reading,) = filling.plans.values()
    looked_up = reading.sources[:, 2] > 0
    assert looked_up.sum() == len(reading.tables)
    assert set(reading.sources[looked_up, 0]) <= {columns.INT8, columns.INT16}
    assert not set(reading.sources[~looked_up, 0]) & {columns.INT8, columns.INT16}
    assert not reading.others


def test_numbers_have_their_logarithms_taken_beside_the_basis(members):
    basis = fitted(members)
    filling = Filling(basis, columns)
    filling.rows(members)
    (reading,) = filling.plans.values()
    logged = {basis.names.index(number.name) for number in basis.numbers if number.logged}
    beside = reading.standardise[:, 0] >= len(basis.names)
    assert reading.beside == beside.sum() > 0
    assert set(reading.standardise[beside, 1]) <= logged
    assert not set(reading.standardise[~beside, 1]) & logged


def test_addresses_are_where_arrays_begin():
    numbers = np.arange(8, dtype=np.int8)
    first, third = addresses([numbers, numbers[2:]])
    assert third - first == 2
    assert first == numbers.ctypes.data


def test_no_places_are_as_wide_as_some():
    assert places([], 3).shape == (0, 3)
