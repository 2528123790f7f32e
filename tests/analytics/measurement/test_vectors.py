"""Every published figure of `vectors.json`: reproduced by the function that reports use, or excused in a sentence."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.analytics.measurement import meeting

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text())
NO_ODDS = "Reports tell differences and ratios of shares; nobody is told odds."
TWO_SIDED = "Every interval that is told has two ends."
MIXTURE = "The always-valid interval is the normal mixture's, and no other boundary is used."
NO_T = "Plans are of thousands of members, where the normal test that plans go by is the t-test to four digits."
NO_BAYES = "No page makes a Bayesian statement."
SHA256 = "Arms are drawn by SHA-256 and have no buckets; another tool's arms come with its file."
QINI = "Scorers are judged by Qini; of two rows, the other area depends on how an arm without anybody is counted."
ONE_ESTIMATOR = "Scorers are compared by inverse propensity weights alone, with their members' own interval."
EXCUSED = {
    "two_proportions_Fagerland2015/score_MN": "Differences of shares have Newcombe's interval, and ratios a score one.",
    "two_proportions_Fagerland2015/or_score": NO_ODDS,
    "confseq_normal_mixture/one_sided_bound": TWO_SIDED,
    "confseq_normal_mixture/poly_stitching(100,.05,v_min=10,c=3)": MIXTURE,
    "confseq_normal_mixture/bernoulli_ci(700/1000,t_opt=100)": MIXTURE,
    "confseq_normal_mixture/bernoulli_ci(15/50,t_opt=50)": MIXTURE,
    "confseq_normal_mixture/quantile_ab_p(p=.5,shift=85,n=1000)": MIXTURE,
    "power_R_pwr/ttest_ind d=1 n=30/arm": NO_T,
    "power_R_pwr/ttest_ind d=0.1 n=20/arm": NO_T,
    "power_R_pwr/ttest_ind one-sided d=1 n=30": NO_T,
    "bayes_binomial/rel/est": NO_BAYES,
    "bayes_binomial/rel/sd": NO_BAYES,
    "bayes_binomial/rel/ci": NO_BAYES,
    "bayes_binomial/rel/chance_to_win": NO_BAYES,
    "bayes_binomial/rel/risk": NO_BAYES,
    "hash_bucketing/v2": SHA256,
    "hash_bucketing/ranges/[0.2,0.3,0.5] coverage 0.2": SHA256,
    "sklift_unit/uplift_auc([0,1],[.1,.3],[1,0])": QINI,
    "sklift_unit/uplift_auc([1,0],[.1,.3],[0,1])": QINI,
    "ope_hand/snips": ONE_ESTIMATOR,
    "ope_hand/dm": ONE_ESTIMATOR,
    "ope_hand/dr": ONE_ESTIMATOR,
    "ope_hand/ess": ONE_ESTIMATOR,
}
# What is no figure to be met: where it comes from, and what the figures are worked out of.
SAID = {"src", "verified", "published", "_note", "order"}
GIVEN = {
    "a", "b", "control", "treat", "assigned", "n_star", "alpha", "obs", "w", "mean", "var", "users_total", "arms",
    "rel_effect", "x1", "n1", "x2", "n2", "v_opt", "y", "score", "r", "p_log", "pi", "q_logged_action", "q_policy",
    "bh/p", "holm/p", "bh_R_multtest/p",
}  # fmt: skip
LOOSER = {
    "two_proportions_Fagerland2015/newcombe": 5e-4,  # in print to three decimals
    "late_imbens_rubin_1997/itt_se": 1e-7,  # the source divides by n, Welch by n - 1
    "late_imbens_rubin_1997/cace_se": 1e-7,
}


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with the way to it; a list of numbers is one."""
    if isinstance(node, dict):
        for name, below in node.items():
            yield from leaves(below, f"{path}/{name}" if path else name)
    elif isinstance(node, list) and node and isinstance(node[0], dict):
        for number, below in enumerate(node):
            yield from leaves(below, f"{path}/{number}")
    else:
        yield path, node


def is_figure(path: str) -> bool:
    """Of an entry's own values, neither what is said of it nor what is given with it."""
    entry, *names = path.split("/")
    if entry == "srm":
        return names[-1] in {"p", "chi2"}
    return entry not in SAID and names[0] not in SAID | GIVEN and path not in GIVEN


FIGURES = {path: value for path, value in leaves(VECTORS) if is_figure(path)}
MET = meeting.met(VECTORS)


def left_over(figures: Mapping[str, Any]) -> set[str]:
    return figures.keys() - MET.keys() - EXCUSED.keys()


def tolerance(path: str, value: float) -> float:
    """One in the last digit that is published, and 0.00001 at the most."""
    if path in LOOSER:
        return LOOSER[path]
    return min(1e-5, max(10.0 ** int(Decimal(repr(value)).as_tuple().exponent), 1e-9 * abs(value)))


@pytest.mark.parametrize("path", sorted(MET))
def test_the_published_figure_is_reproduced(path: str) -> None:
    expected = np.atleast_1d(np.asarray(FIGURES[path], dtype=float)).tolist()
    found = np.atleast_1d(np.asarray(MET[path], dtype=float)).tolist()
    allowed = [tolerance(path, each) for each in expected]
    assert len(found) == len(expected)
    assert all(abs(ours - theirs) <= most for ours, theirs, most in zip(found, expected, allowed, strict=True)), found


def test_every_published_figure_is_met_or_excused() -> None:
    assert left_over(FIGURES) == set()


def test_nothing_is_excused_that_is_met_or_is_not_there() -> None:
    assert EXCUSED.keys() & MET.keys() == set()
    assert EXCUSED.keys() - FIGURES.keys() == set()


def test_a_figure_that_is_new_would_be_missed() -> None:
    """The control: one more figure, in a known entry or in a new one, is neither met nor excused."""
    more = {**VECTORS, "new": {"est": 1.0}, "holm": {**VECTORS["holm"], "another": [0.1]}}
    figures = {path: value for path, value in leaves(more) if is_figure(path)}
    assert left_over(figures) == {"new/est", "holm/another"}


def test_a_figure_that_is_off_in_its_last_digit_but_one_would_be_found_out() -> None:
    assert tolerance("welch_relative/abs/est", 0.29) < 1e-4
    assert tolerance("srm/2/p", 2.5396e-10) < 1e-13
