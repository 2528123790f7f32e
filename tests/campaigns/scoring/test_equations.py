"""Against the same equations multiplied out, decision by decision."""

import numpy as np
import pytest

from campaigns.scoring import equations as counted
from campaigns.scoring.equations import Groups, Offers, accumulated, add_own, moments, none
from campaigns.scoring.local import Local

GENERAL, RESPONDING, DEPARTMENTS = 4, 2, 2
LOCAL = Local(GENERAL, 1, RESPONDING, np.array([0, 4, 5]))
AFFINITIES = np.array([4, 5, 0])  # of three offers, the last without a department


def _rows(members: int, rng: np.random.Generator) -> np.ndarray:
    rows = rng.normal(size=(members, GENERAL + DEPARTMENTS)).astype(np.float32)
    rows[:, 0] = 1
    rows[:, GENERAL:] = rng.gamma(2.0, 0.5, (members, DEPARTMENTS))
    return rows


def _offers(rng: np.random.Generator) -> Offers:
    return Offers(rng.normal(size=(3, 2)), AFFINITIES, LOCAL)


def _multiplied_out(rows, target, weight, contrasts, offers) -> tuple[np.ndarray, np.ndarray]:
    local = np.stack([LOCAL.rows(rows, column) for column in AFFINITIES.tolist()], axis=1)
    design = np.einsum("mk,kf,mkc->mfc", contrasts, offers.features, local.astype(np.float64)).reshape(len(rows), -1)
    return (design * weight[:, None]).T @ design, (design * weight[:, None]).T @ target


@pytest.mark.parametrize("at_once", [1, 3, 10**9])
def test_groups_come_to_what_single_decisions_do(at_once, monkeypatch):
    monkeypatch.setattr(counted, "NUMBERS_AT_ONCE", at_once * LOCAL.expanded(np.zeros((1, 6), np.float32)).size ** 2)
    rng = np.random.default_rng(0)
    rows, offers, of = _rows(300, rng), _offers(rng), rng.integers(0, 5, 300)
    contrasts, target, weight = rng.normal(size=(5, 3)), rng.normal(size=300), rng.uniform(0.5, 2, 300)
    found = accumulated(rows, target, weight, Groups(of, contrasts), offers)
    gram, moment = _multiplied_out(rows, target, weight, contrasts[of], offers)
    # Sums of 300 products in float32, of up to a thousand.
    assert found.gram.reshape(gram.shape) == pytest.approx(gram, abs=0.01)
    assert found.moment.ravel() == pytest.approx(moment, abs=0.01)


def test_decisions_on_single_offers_come_to_the_same():
    rng = np.random.default_rng(1)
    rows, offers, of = _rows(300, rng), _offers(rng), rng.integers(0, 3, 300)
    target, weight = rng.normal(size=300), rng.uniform(0.5, 2, 300)
    found = none(2, LOCAL.size)
    for offer, features in enumerate(offers.features):
        given = np.flatnonzero(of == offer)
        block = LOCAL.rows(rows[given], AFFINITIES[offer])
        add_own(found, features, *moments(block, target[given], weight[given], lambda each: each))
    gram, moment = _multiplied_out(rows, target, weight, np.eye(3)[of], offers)
    assert found.gram.reshape(gram.shape) == pytest.approx(gram, abs=0.01)
    assert found.moment.ravel() == pytest.approx(moment, abs=0.01)


def test_the_equations_of_two_halves_add_up_to_those_of_the_whole():
    rng = np.random.default_rng(2)
    rows, offers, of = _rows(200, rng), _offers(rng), rng.integers(0, 2, 200)
    contrasts, target, weight = rng.normal(size=(2, 3)), rng.normal(size=200), np.ones(200)

    def of_some(some: slice):
        return accumulated(rows[some], target[some], weight[some], Groups(of[some], contrasts), offers)

    whole, halves = of_some(slice(None)), of_some(slice(100)) + of_some(slice(100, None))
    assert halves.gram == pytest.approx(whole.gram, abs=0.01)
    assert halves.moment == pytest.approx(whole.moment, abs=0.01)


def test_a_group_without_decisions_says_nothing():
    rng = np.random.default_rng(3)
    rows, offers, of = _rows(50, rng), _offers(rng), np.zeros(50, dtype=np.intp)
    contrasts = rng.normal(size=(2, 3))
    one, two = (accumulated(rows, np.ones(50), np.ones(50), Groups(of, contrasts[:k]), offers) for k in (1, 2))
    assert np.array_equal(one.gram, two.gram)


def test_rows_in_blocks_come_to_what_they_do_at_once(monkeypatch):
    rng = np.random.default_rng(4)
    rows, target, weight = _rows(100, rng), rng.normal(size=100), rng.uniform(0.5, 2, 100)
    second, cross = moments(rows, target, weight, lambda each: each)
    monkeypatch.setattr(counted, "ROWS_AT_ONCE", 7)
    again, crossed = moments(rows, target, weight, lambda each: each)
    assert again == pytest.approx(second, rel=1e-4, abs=1e-3)
    assert crossed == pytest.approx(cross, rel=1e-4, abs=1e-3)
