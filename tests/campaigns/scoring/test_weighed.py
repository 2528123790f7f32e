"""The compiled loops say what NumPy says, and the same of a member in any company."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from campaigns.scoring import kernels, loops
from campaigns.scoring.caution import Caution
from campaigns.scoring.local import Local
from campaigns.scoring.packed import past_cache, room
from campaigns.scoring.scores import Scores
from campaigns.scoring.weighed import ByArrays, ByLoops, Weighed, way

GENERAL, MEMBERS = 20, 301
LOCAL = Local(general=GENERAL, proportional=4, responding=7, affinities=np.array([0, 20, 22]))
# Of sums of some 50 products of numbers around 1, which single precision rounds at every step.
CLOSE = 1e-5


def _weighed(offers: int = 37, *, departments: bool = True, seed: int = 0) -> Weighed:
    rng = np.random.default_rng(seed)
    return Weighed(
        local=LOCAL,
        affinities=rng.choice([0, 20, 22], offers) if departments else np.zeros(offers, dtype=np.intp),
        margin=rng.normal(0, 0.3, (offers, LOCAL.size)),
        redemption=rng.normal(0, 0.3, (offers, LOCAL.size)),
        caution=Caution(np.eye(1), 0.0, rng.normal(0, 0.1, (LOCAL.size, 32))),
        cost=rng.uniform(0, 2, offers).astype(np.float32),
        errors=rng.uniform(0, 1, offers).astype(np.float32),
        contact_cost=0.02,
    )


def _rows(members: int = MEMBERS, seed: int = 1) -> np.ndarray:
    """With everybody's column first, and three affinities last."""
    rng = np.random.default_rng(seed)
    general = np.column_stack([np.ones(members), rng.normal(size=(members, GENERAL - 1))])
    return np.column_stack([general, rng.gamma(2.0, 0.5, (members, 3))]).astype(np.float32)


def _farthest(one: Scores, other: Scores) -> float:
    pairs = zip((one.value, one.expected, one.redeem), (other.value, other.expected, other.redeem), strict=True)
    return max(float(np.abs(ours - theirs).max()) for ours, theirs in pairs)


@pytest.mark.parametrize("departments", [True, False])
@pytest.mark.parametrize("offers", [1, 16, 37, 70])
def test_both_ways_come_to_the_same_scores(offers, departments):
    weighed, rows = _weighed(offers, departments=departments), _rows()
    assert _farthest(ByArrays(weighed).scores(rows), ByLoops(weighed, loops).scores(rows)) < CLOSE


@pytest.mark.parametrize("part", ["margin", "redemption", "cost", "errors", "contact_cost"])
def test_other_weights_come_to_other_scores(part):
    weighed, rows = _weighed(), _rows()
    other = replace(weighed, **{part: getattr(weighed, part) + 1e-3})
    assert _farthest(ByArrays(other).scores(rows), ByLoops(weighed, loops).scores(rows)) > 10 * CLOSE


@pytest.mark.parametrize("some", [slice(0, 1), slice(7, 12), slice(100, 112), slice(5, 18), slice(1, MEMBERS)])
def test_a_member_has_the_same_scores_in_any_company(some):
    by_loops, rows = ByLoops(_weighed(), loops), _rows()
    whole, part = by_loops.scores(rows), by_loops.scores(rows[some])
    for name in ("value", "expected", "redeem"):
        assert np.array_equal(getattr(part, name), getattr(whole, name)[some]), name


def test_the_last_bit_of_a_row_shows_in_the_scores():
    by_loops, rows = ByLoops(_weighed(), loops), _rows()
    moved = by_loops.scores(np.nextafter(rows, np.float32(np.inf)))
    assert not np.array_equal(moved.value, by_loops.scores(rows).value)


def test_the_order_in_memory_changes_nothing():
    by_loops, rows = ByLoops(_weighed(), loops), _rows()
    expected = by_loops.scores(rows).value
    for others in (np.asfortranarray(rows), np.repeat(rows, 2, axis=0)[::2], np.pad(rows, ((0, 9), (0, 5)))):
        assert np.array_equal(by_loops.scores(others[:MEMBERS, : rows.shape[1]]).value, expected)


def _of_kinds(kinds: int, *, departments: bool) -> Weighed:
    """Offers that differ from others of their kind in what they add for everybody alone."""
    weighed, rng = _weighed(departments=departments), np.random.default_rng(3)
    of_kind = rng.normal(0, 0.3, (kinds, LOCAL.size))[np.arange(len(weighed)) % kinds]
    own = np.isin(np.arange(LOCAL.size), [0, GENERAL, GENERAL + LOCAL.proportional])
    return replace(weighed, redemption=np.where(own, weighed.redemption, of_kind))


@pytest.mark.parametrize("departments", [True, False])
def test_offers_of_a_kind_share_a_product_and_have_their_own_scores(departments):
    weighed, rows = _of_kinds(5, departments=departments), _rows()
    by_loops = ByLoops(weighed, loops)
    found = by_loops.scores(rows)
    assert _farthest(ByArrays(weighed).scores(rows), found) < CLOSE
    # Each department's offers, and those of none, have weights of their kind.
    assert len(set(by_loops._redeeming.of.tolist())) == (10 if departments else 5)
    assert len(np.unique(found.redeem, axis=1).T) == len(weighed)


@pytest.mark.parametrize("departments", [True, False])
def test_an_offer_has_the_same_chances_beside_any_others(departments):
    weighed, rows, some = _of_kinds(5, departments=departments), _rows(), [1, 6, 11, 30]
    alone = {name: getattr(weighed, name)[some] for name in ("affinities", "margin", "redemption", "cost", "errors")}
    expected = ByLoops(weighed, loops).chances(rows)[:, some]
    assert np.array_equal(ByLoops(replace(weighed, **alone), loops).chances(rows), expected)


@pytest.mark.parametrize("shift", [-90.0, -30.0, 30.0, 90.0])
def test_what_an_offer_adds_for_everybody_may_be_made_up_for_by_what_members_do(shift):
    everybody = replace(_weighed(2, departments=False), redemption=np.eye(2, LOCAL.size, 1))
    everybody.redemption[:, 0], everybody.redemption[1, 1] = [0, shift], -1
    rows = np.zeros((MEMBERS, GENERAL + 3), dtype=np.float32)
    rows[:, 0], rows[:, 1] = 1, shift + np.linspace(-5, 5, MEMBERS)
    # Logits around 90 are told to 8e-6, and chances to a quarter of that.
    expected = 1 / (1 + np.exp(rows[:, 1].astype(np.float64) - shift))
    assert ByLoops(everybody, loops).chances(rows)[:, 1] == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize("offset", [0, 1, 8])
def test_where_scores_begin_in_memory_changes_nothing(offset):
    by_loops, rows = ByLoops(_weighed(), loops), _rows()
    flat = room(1, MEMBERS * 37 + offset)[0]
    found = by_loops.chances(rows, flat[offset:].reshape(MEMBERS, 37))
    assert past_cache(found) == (offset == 0)
    assert np.array_equal(found, by_loops.chances(rows))


def test_nobody_has_no_scores():
    assert ByLoops(_weighed(), loops).scores(_rows()[:0]).value.shape == (0, 37)


@pytest.mark.parametrize("members", [MEMBERS, 3])
def test_chances_alone_are_those_of_the_scores_and_go_where_they_are_asked_to(members):
    weighed, rows = _weighed(), _rows(members)
    for each in (ByArrays(weighed), ByLoops(weighed, loops)):
        room = np.full((members, len(weighed)), np.nan, dtype=np.float32)
        assert each.chances(rows, room) is room
        assert np.array_equal(room, each.scores(rows).redeem)
        assert np.array_equal(room, each.chances(rows))


def test_chances_are_one_over_one_plus_the_exponential():
    logits = np.linspace(-120, 120, 999)
    everybody = replace(_weighed(1, departments=False), redemption=np.eye(1, LOCAL.size, 1))
    rows = np.zeros((len(logits), GENERAL + 3), dtype=np.float32)
    rows[:, 1] = logits
    expected = 1 / (1 + np.exp(-rows[:, 1].astype(np.float64)))
    # A number near 1 is told to 6e-8.
    assert ByLoops(everybody, loops).chances(rows)[:, 0] == pytest.approx(expected, abs=1.2e-7)


def test_the_way_depends_on_how_many_there_are_in_all():
    weighed = _weighed()
    few = kernels.WORTH_PAIRS // len(weighed)
    assert isinstance(way(weighed, members=few), ByArrays)
    assert isinstance(way(weighed, members=few + 1), ByLoops)
    assert isinstance(way(weighed, members=few), ByArrays)


def test_few_never_load_the_compiler():
    asked = (
        "import sys; from campaigns.scoring import affinity, kernels, uplift, weighed; "
        "assert kernels.compiled('loops', pairs=2**20 - 1) is None; sys.exit('numba' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)


def test_many_do():
    asked = (
        "import sys; from campaigns.scoring import kernels; "
        "assert kernels.compiled('loops', pairs=2**20); sys.exit('numba' not in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)
