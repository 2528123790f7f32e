import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests

from analytics.measurement.families import benjamini_hochberg, holm

Adjust = Callable[[ArrayLike], NDArray[np.float64]]
FAMILIES, METRICS, NULL = 1000, 20, 15


# statsmodels takes a tenth of a second for one family by Holm.
@pytest.mark.parametrize(
    ("ours", "method", "families"), [(benjamini_hochberg, "fdr_bh", 10_000), (holm, "holm", 20)], ids=["bh", "holm"]
)
def test_they_agree_with_statsmodels(ours: Adjust, method: str, families: int) -> None:
    given = np.random.default_rng(70).beta(0.4, 1, (families, 12))
    theirs = np.array([multipletests(p, method=method)[1] for p in given])
    np.testing.assert_allclose([ours(p) for p in given], theirs, rtol=1e-8)


def test_holm_agrees_with_its_definition_on_ten_thousand_families() -> None:
    # The largest, over all p up to this one, of p times how many are not smaller.
    given = np.random.default_rng(72).beta(0.4, 1, (10_000, 12))
    weighed = given * (given[:, :, None] >= given[:, None, :]).sum(axis=1)
    upto = given[:, :, None] >= given[:, None, :]
    slow = np.minimum(1, np.where(upto, weighed[:, None, :], 0).max(axis=2))
    np.testing.assert_allclose([holm(p) for p in given], slow, rtol=1e-8)


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
def test_what_is_unknown_was_not_asked(adjust: Adjust) -> None:
    found = adjust([0.04, math.nan, 0.01])
    assert np.isnan(found).tolist() == [False, True, False]
    assert found[[0, 2]] == pytest.approx(adjust([0.04, 0.01]))


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
def test_a_single_question_needs_no_adjustment(adjust: Adjust) -> None:
    assert adjust([0.03]).tolist() == [0.03]
    assert adjust([]).tolist() == []


@pytest.mark.parametrize("p", [[-0.1], [1.1], [[0.5]]])
def test_what_is_no_family_of_p_is_refused(p: ArrayLike) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm(p)


def false_finds(adjust: Adjust, *, seed: int) -> float:
    """The share of false finds among all, where NULL metrics of a family have no effect and the others a strong one."""
    rng = np.random.default_rng(seed)
    null, real = rng.random((FAMILIES, NULL)), rng.beta(0.05, 8, (FAMILIES, METRICS - NULL))
    found = np.array([adjust(p) < 0.05 for p in np.hstack([null, real])])
    return float((found[:, :NULL].sum(axis=1) / np.maximum(found.sum(axis=1), 1)).mean())


def test_no_more_than_one_find_in_twenty_is_false() -> None:
    # 0.05 x 15 / 20 are to be expected; three standard errors over 1,000 families are 1.3 points.
    assert false_finds(benjamini_hochberg, seed=71) < 0.05 + 0.013


def test_without_adjustment_more_finds_would_be_false() -> None:
    assert false_finds(np.asarray, seed=71) > 0.1
