import json
from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import basis as bases
from campaigns.scoring.basis import EAGER, FOREMOST, Basis, decides, fitted
from campaigns.scoring.eagerness import Eagerness
from config.bench import shoppers
from loyalty.profiling import dictionary, families
from loyalty.profiling.table import Feature, Profiles


@pytest.fixture(scope="module")
def members() -> Profiles:
    return shoppers.profiles(5_000, np.random.default_rng(1))


@pytest.fixture(scope="module")
def basis(members) -> Basis:
    return fitted(members)


@pytest.fixture(scope="module")
def eager(basis) -> Basis:
    weights = np.random.default_rng(2).normal(scale=0.1, size=basis.general)
    return basis.with_eagerness(Eagerness(tuple(weights.tolist()), -3.0, 2.0))


def _with(members: Profiles, name: str, column: np.ndarray, **changed) -> Profiles:
    feature = replace(members.features.get(name) or dictionary.FIXED[name], **changed)
    return replace(members, columns={**members.columns, name: column}, features={**members.features, name: feature})


def test_a_row_has_a_number_for_every_name(members, basis):
    rows = basis.rows(members)
    assert rows.shape == (len(members), len(basis.names))
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    assert len(set(basis.names)) == len(basis.names)


def test_numbers_are_standardised(members, basis):
    at = [basis.names.index(number.name) for number in basis.numbers]
    known = [~np.isnan(members.column(number.name)) for number in basis.numbers]
    rows = basis.rows(members)
    assert [rows[is_known, column].mean() for column, is_known in zip(at, known, strict=True)] == pytest.approx(
        np.zeros(len(at)), abs=1e-4
    )
    assert [rows[is_known, column].std() for column, is_known in zip(at, known, strict=True)] == pytest.approx(
        np.ones(len(at)), abs=1e-3
    )


def test_what_is_unknown_is_average_and_says_so(members, basis):
    unknown = np.isnan(members.column("average_basket"))
    rows = basis.rows(members)
    assert unknown.any()
    assert (rows[unknown, basis.names.index("average_basket")] == 0).all()
    saying = [name for name in basis.names if name.endswith(" unknown")]
    assert any((rows[:, basis.names.index(name)] == unknown).all() for name in saying)


def test_columns_that_are_unknown_together_say_so_once(members, basis):
    columns = basis.rows(members)[:, [name.endswith(" unknown") for name in basis.names]]
    assert len({column.tobytes() for column in columns.T}) == columns.shape[1] > 0


def test_a_block_of_members_has_the_rows_it_has_among_all(members, basis):
    some = np.arange(100, 200)
    assert np.array_equal(basis.rows(members.take(some)), basis.rows(members)[some])


def test_products_of_the_foremost_numbers_are_what_they_say(members, basis):
    rows, at = basis.rows(members), basis.names.index
    one, other = FOREMOST[:2]
    expected = rows[:, at(one)] * rows[:, at(other)]
    assert np.array_equal(rows[:, at(f"{one} × {other}")], expected)
    assert at(f"{one} × {other}") < basis.responding


def test_extremes_are_held_where_most_members_are(members, basis):
    far = _with(members, "recency_days", np.full(len(members), 1e9, dtype=np.float32))
    assert basis.rows(far)[:, basis.names.index("recency_days")].max() < 6


def test_an_affinity_counts_as_it_is(members, basis):
    rows, known = basis.rows(members), members.column("affinity:Coffee")
    expected = np.clip(np.nan_to_num(known, nan=1.0), 0, 4)
    assert rows[:, basis.names.index("affinity:Coffee")] == pytest.approx(expected)


def test_a_feature_that_the_profiles_lack_is_unknown(members, basis):
    columns = {name: column for name, column in members.columns.items() if name != "opens_90"}
    rows = basis.rows(replace(members, columns=columns))
    assert (rows[:, basis.names.index("opens_90")] == 0).all()


def test_a_number_that_is_the_same_for_everybody_has_no_column(members):
    same = _with(members, "lines_per_basket", np.ones(len(members), dtype=np.float32))
    assert "lines_per_basket" not in fitted(same).names


@pytest.mark.parametrize(
    "changed", [{"sensitive": True}, {"purpose": dictionary.ELIGIBILITY}, {"purpose": "counting stock"}]
)
def test_what_may_not_decide_is_in_no_basis(members, changed):
    kept = _with(members, "tenure_days", members.column("tenure_days"))
    assert any(name.startswith("tenure_days") for name in fitted(kept).names)
    barred = _with(members, "tenure_days", members.column("tenure_days"), **changed)
    assert not any("tenure_days" in name for name in fitted(barred).names)


def test_what_became_sensitive_since_the_fit_no_longer_counts(members, basis):
    barred = _with(members, "tenure_days", members.column("tenure_days"), sensitive=True)
    changed = {name for at, name in enumerate(basis.names) if (basis.rows(barred) != basis.rows(members))[:, at].any()}
    assert changed
    assert all(name.startswith("tenure_days") for name in changed)


def test_a_sensitive_affinity_is_in_no_basis(members):
    barred = _with(members, "affinity:Coffee", members.column("affinity:Coffee"), sensitive=True)
    assert "affinity:Coffee" not in fitted(barred).names


def test_age_tier_places_and_own_columns_are_in_no_basis(members):
    numbers = np.arange(len(members), dtype=np.float32)
    more = _with(members, "age", numbers)
    own: Feature = families.attribute("shoe_size", "number")
    more = replace(
        more,
        columns={**more.columns, own.name: numbers},
        features={**more.features, own.name: own},
    )
    assert fitted(more).names == fitted(members).names


def test_purposes_decide_which_features_may():
    assert decides(dictionary.FIXED["spend_90"])
    assert not decides(dictionary.FIXED["age"])
    assert not decides(dictionary.FIXED["tier"])


def test_a_basis_survives_being_stored(members, basis):
    again = Basis.from_json(json.loads(json.dumps(basis.to_json())))
    assert again == basis
    assert np.array_equal(again.rows(members), basis.rows(members))


def test_how_eager_members_are_is_among_what_affinity_strengthens(members, basis, eager):
    rows, at = eager.rows(members), eager.names.index
    known = eager.eagerness.of(basis.rows(members)[:, : basis.general].T)
    assert np.array_equal(rows[:, at(EAGER)], known)
    for name in FOREMOST:
        assert np.array_equal(rows[:, at(f"{EAGER} × {name}")], known * rows[:, at(name)])
        assert at(f"{EAGER} × {name}") < eager.responding
    assert eager.general == basis.general + 1 + len(FOREMOST)


def test_all_else_is_as_in_the_plain_basis(members, basis, eager):
    plain = [at for at, name in enumerate(eager.names) if not name.startswith(EAGER)]
    assert [eager.names[at] for at in plain] == list(basis.names)
    assert np.array_equal(eager.rows(members)[:, plain], basis.rows(members))


def test_plain_rows_are_widened_to_the_rows_of_the_members(monkeypatch, members, basis, eager):
    monkeypatch.setattr(bases, "ROWS_AT_ONCE", 999)
    assert np.array_equal(eager.widened(basis.rows(members)), eager.rows(members))


def test_an_eager_basis_survives_being_stored(members, eager):
    again = Basis.from_json(json.loads(json.dumps(eager.to_json())))
    assert again == eager
    assert np.array_equal(again.rows(members), eager.rows(members))


def test_a_basis_stored_before_eagerness_was_learned_is_plain(basis):
    told = basis.to_json()
    del told["eagerness"]
    assert Basis.from_json(told) == basis
