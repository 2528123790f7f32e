"""Columns that compiled loops make are those that NumPy makes, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import columns, kernels
from campaigns.scoring.basis import Basis, fitted
from campaigns.scoring.eagerness import Eagerness
from campaigns.scoring.filling import Filling, way
from config.bench import shoppers
from loyalty.profiling.steps import Steps, narrowed
from loyalty.profiling.table import Profiles


@pytest.fixture(scope="module")
def members() -> Profiles:
    """Kept as snapshots keep them: counts of steps in three types, and floats in two."""
    drawn = shoppers.profiles(3_000, np.random.default_rng(1))
    found = {name: narrowed(_told(name, column)) for name, column in drawn.columns.items()}
    return replace(drawn, columns=found)


@pytest.fixture(scope="module")
def basis(members) -> Basis:
    return fitted(members)


def _told(name: str, column: np.ndarray) -> np.ndarray:
    return np.round(column, 2) if name.startswith("spend_") and name != "spend_trend" else column


def _same(basis: Basis, members: Profiles) -> bool:
    return np.array_equal(Filling(basis, columns).rows(members), basis.rows(members))


def _with(members: Profiles, name: str, column: np.ndarray | Steps) -> Profiles:
    return replace(members, columns={**members.columns, name: column})


def test_snapshots_keep_numbers_in_all_these_ways(members):
    kept = [column.counts if isinstance(column, Steps) else column for column in members.columns.values()]
    assert {column.dtype.name for column in kept} == {"int8", "int16", "int32", "float32", "float64"}


def test_rows_are_those_of_the_basis(members, basis):
    assert _same(basis, members)


def test_rows_of_eager_members_are_those_of_the_basis(members, basis):
    weights = np.random.default_rng(2).normal(scale=0.1, size=basis.general)
    eager = basis.with_eagerness(Eagerness(tuple(weights.tolist()), -3.0, 2.0))
    assert _same(eager, members)


@pytest.mark.parametrize("name", ["recency_days", "spend_90", "average_basket", "affinity:Coffee", "lifecycle"])
def test_another_value_is_another_row(members, basis, name):
    other = members.columns[name][np.roll(np.arange(len(members)), 1)]
    moved = Filling(basis, columns).rows(_with(members, name, other))
    assert not np.array_equal(moved, basis.rows(members))
    assert _same(basis, _with(members, name, other))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
def test_numbers_are_the_same_in_any_type(members, basis, dtype):
    days = np.arange(len(members)).astype(dtype)
    days[::7] = np.nan
    for name in ("tenure_days", "affinity:Coffee", "discount_share"):
        assert _same(basis, _with(members, name, days))


def test_numbers_below_zero_and_far_out_are_held(members, basis):
    for number in (-5.0, 1e9):
        assert _same(basis, _with(members, "average_basket", np.full(len(members), number)))


def test_what_nobody_knows_any_more_is_unknown(members, basis):
    assert _same(basis, _with(members, "tenure_days", members.columns["tenure_days"].unknown()))


def test_what_may_not_decide_is_unknown(members, basis):
    names = ("tenure_days", "recency_days", "lifecycle", "affinity:Coffee")
    barred = {name: replace(members.features[name], sensitive=True) for name in names}
    hidden = replace(members, features={**members.features, **barred})
    assert _same(basis, hidden)
    assert not np.array_equal(basis.rows(hidden), basis.rows(members))


def test_a_feature_that_the_profiles_lack_is_unknown(members, basis):
    few = {name: column for name, column in members.columns.items() if name in ("opens_90", "affinity:Dairy")}
    assert _same(basis, replace(members, columns=few))


def test_a_basis_of_nothing_but_everybody(members):
    assert _same(Basis((), (), (), ()), members)


def test_nobody_has_no_rows(members, basis):
    nobody = members.take(np.array([], dtype=np.int64))
    assert Filling(basis, columns).rows(nobody).shape == (0, len(basis.names))


def test_columns_that_lie_apart_in_memory_are_the_same(members, basis):
    for name in ("spend_90", "opens_90", "affinity:Coffee"):
        twice = members.columns[name][np.repeat(np.arange(len(members)), 2)]
        assert _same(basis, _with(members, name, twice[np.s_[::2]]))


def test_members_kept_alike_are_planned_for_once(members, basis):
    filling = Filling(basis, columns)
    for some in (slice(0, 1_000), slice(1_000, 3_000)):
        part = members.take(np.arange(len(members))[some])
        assert np.array_equal(filling.rows(part), basis.rows(part))
    assert len(filling.plans) == 1


def test_members_kept_otherwise_are_planned_for_anew(members, basis):
    filling = Filling(basis, columns)
    other = _with(members, "opens_90", members.columns["opens_90"].floats())
    barred = {"opens_90": replace(members.features["opens_90"], sensitive=True)}
    hidden = replace(members, features={**members.features, **barred})
    for each in (members, other, hidden):
        assert np.array_equal(filling.rows(each), basis.rows(each))
    assert len(filling.plans) == 3


def test_the_way_depends_on_how_many_there_are_in_all(members, basis):
    assert way(basis, pairs=kernels.WORTH_PAIRS - 1) == basis.rows
    many = way(basis, pairs=kernels.WORTH_PAIRS)
    assert many != basis.rows
    assert np.array_equal(many(members), basis.rows(members))
