"""The published figures as the product's own functions work them out of what is given with them, by path."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from analytics.measurement import families, power, proportions, sequential
from analytics.measurement.compliers import cace, covariance
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.lift import Lift, welch
from analytics.measurement.moments import Moments, Paired, Ratio
from analytics.measurement.ratio import cuped, ratio_lift
from analytics.measurement.validity import sample_ratio
from campaigns.training.following import Followed
from tests.analytics.measurement import ordering, published
from tests.analytics.measurement.reading import lift_of

Entry = dict[str, Any]
Figures = dict[str, Any]
Z = float(stats.norm.ppf(0.975))


def met(vectors: dict[str, Any]) -> Figures:
    """Every figure that is reproduced, by the path of the published one."""
    return {
        f"{entry}/{name}": figure for entry, work in ENTRIES.items() for name, figure in work(vectors[entry]).items()
    }


def _means(entry: Entry) -> tuple[Moments, Moments]:
    """Treated and reference; sums of squares of shares are chosen so that the variance is p (1 - p), as the source has
    it."""
    treated, reference = (
        _of_share(**arm) if "sum_sq" not in arm else _of_mean(**arm) for arm in (entry["b"], entry["a"])
    )
    return treated, reference


def _of_mean(n: int, sum: float, sum_sq: float) -> Moments:  # noqa: A002 - as the vectors have it
    return Moments(n, sum, sum_sq)


def _of_share(n: int, sum: float) -> Moments:  # noqa: A002
    return Moments(n, sum, sum / n * (1 - sum / n) * (n - 1) + sum * sum / n)


def _relative(lift: Lift) -> Figures:
    """The relative figures, with the error and the p that follow from them."""
    assert lift.relative is not None
    assert lift.relative_low is not None
    assert lift.relative_high is not None
    error = (lift.relative_high - lift.relative) / stats.t.ppf(0.975, lift.df)
    return {
        "rel/est": lift.relative,
        "rel/se": error,
        "rel/ci": [lift.relative_low, lift.relative_high],
        "rel/p": 2 * stats.t.sf(abs(lift.relative) / error, lift.df),
    }


def _welch(entry: Entry) -> Figures:
    lift = lift_of(welch(*_means(entry)))
    plain = {"abs/est": lift.estimate, "abs/se": lift.error, "abs/ci": [lift.low, lift.high], "abs/p": lift.p}
    return _relative(lift) | (plain if "abs" in entry else {})


def _sequential(entry: Entry, *, planned_n: int) -> Figures:
    treated, reference = _means(entry)
    told = _relative(lift_of(welch(treated, reference)))
    found = sequential.always_valid(told["rel/est"], told["rel/se"], treated.n + reference.n, planned_n=planned_n)
    return {**told, "rel/ci": [found.low, found.high], "rel/p": found.p}


def _cuped(entry: Entry) -> Figures:
    treated, reference = (
        Paired(arm["n"], arm["sum"], arm["sum_sq"], arm["pre_sum"], arm["pre_sum_sq"], arm["cross"])
        for arm in (entry["treat"], entry["control"])
    )
    found = adjusted(treated, reference)
    assert isinstance(found, Adjusted)
    told = _relative(found.lift)
    return {"theta": found.theta} | {name: told[name] for name in ("rel/est", "rel/se", "rel/p")}


def _ratio(entry: Entry) -> Figures:
    treated, reference = (Ratio(**entry[arm]) for arm in ("treat", "control"))
    told = _relative(lift_of(ratio_lift(treated, reference)))
    return {
        "treat_ratio": treated.mean,
        "control_ratio": reference.mean,
        "rel_est": told["rel/est"],
        "p": told["rel/p"],
    }


def _cuped_ratio(_: Entry) -> Figures:
    found = cuped(published.PAIRED_RATIO_TREATED, published.PAIRED_RATIO_REFERENCE)
    assert isinstance(found, Adjusted)
    return _relative(found.lift)


def _sample_ratios(entries: Iterable[Entry]) -> Figures:
    found: Figures = {}
    for number, entry in enumerate(entries):
        p = sample_ratio(entry["obs"], entry["w"])
        assert isinstance(p, float)
        found[f"{number}/p"] = p
        if "chi2" in entry:
            found[f"{number}/chi2"] = stats.chi2.isf(p, len(entry["obs"]) - 1)
    return found


def _power(entry: Entry) -> Figures:
    """It tests the relative lift L, with variance CV²/n (1 + (1 + L)²) where ours is of the difference, CV²/n (1 + 1);
    and takes the always-valid interval for a fixed one of a larger variance."""
    n, mean = entry["users_total"] / entry["arms"], entry["mean"]
    wider = (sequential.errors_apart(2 * n, planned_n=5000) / Z) ** 2

    def found(effect: float, times: float = 1.0) -> float:
        variance = times * entry["var"] * (1 + (1 + effect) ** 2) / 2
        return _chance(mean, variance, effect * mean, round(n))

    def least(times: float = 1.0) -> float:
        return float(brentq(lambda effect: found(effect, times) - 0.8, 0.01, 1.0))

    effect = entry["rel_effect"]
    return {
        "power": found(effect),
        "mde80": least(),
        "seq5000_power": found(effect, wider),
        "seq5000_mde80": least(wider),
    }


def _chance(mean: float, variance: float, lift: float, per_arm: int) -> float:
    many = 10**6
    before = Moments(many, many * mean, variance * (many - 1) + many * mean * mean)
    found = power.chance(before, members=2 * per_arm, share_held_out=0.5, lift_absolute=lift)
    assert isinstance(found, float)
    return found


def _power_of_r(_: Entry) -> Figures:
    return {
        "normal_ind d=0.3 n=80/arm": _chance(10, 1, 0.3, 80),
        "normal h=0.01 n=80": _chance(10, 1, 0.01, 80),
    }


def _two_shares(entry: Entry) -> Figures:
    counts = entry["x1"], entry["n1"], entry["x2"], entry["n2"]
    one_more = entry["x1"] + 1, entry["n1"] + 2, entry["x2"] + 1, entry["n2"] + 2
    return {
        "wald": _wald(*counts),
        "agresti_caffo": _wald(*one_more),
        "newcombe": proportions.newcombe(*counts, Z),
        "ratio_koopman": proportions.koopman(*counts, Z),
    }


def _wald(count: int, n: int, other: int, other_n: int) -> tuple[float, float]:
    middle, half = count / n - other / other_n, Z * proportions.error(count, n, other, other_n)
    return middle - half, middle + half


def _mixture(entry: Entry) -> Figures:
    rho = sequential.best_rho(entry["v_opt"], alpha=entry["alpha"])
    return {
        "best_rho": rho,
        "log_mixture(s=10,v=100)": sequential.log_mixture(10, 100, rho=rho),
        "bound(v=100)": sequential.mixture_bound(100, rho=rho, alpha=entry["alpha"]),
    }


def _compliers(entry: Entry) -> Figures:
    """The source divides by n where Welch divides by n - 1, which shows in the eighth decimal."""
    given, usual = entry["assigned"], entry["control"]
    received = given["receiver_survived"] + given["receiver_died"]
    survived = given["receiver_survived"] + given["nonreceiver_survived"]
    treated = Paired(given["n"], survived, survived, received, received, given["receiver_survived"])
    reference = Paired(usual["n"], usual["survived"], usual["survived"], 0, 0, 0)
    itt = lift_of(welch(treated.outcome, reference.outcome))
    effect = lift_of(
        cace(itt, (received, treated.n), (0, reference.n), covariance=covariance(treated, reference)),
    )
    return {
        "itt": itt.estimate,
        "itt_se": itt.error,
        "compliance": treated.before.mean,
        "cace": effect.estimate,
        "cace_se": effect.error,
    }


def _weighted(entry: Entry) -> Figures:
    outcome, taken, other = (np.array(entry[name], dtype=float) for name in ("r", "p_log", "pi"))
    found = Followed(outcome, (other / taken)[:, None], np.arange(len(outcome)))
    return {"ips": found.gain(0).value}


ENTRIES: dict[str, Callable[[Any], Figures]] = {
    "welch_relative": _welch,
    "welch_prop_relative": _welch,
    "sequential_asymptotic_cs": lambda entry: _sequential(entry, planned_n=entry["n_star"]),
    "sequential_prop_nstar5000": lambda entry: _sequential(entry, planned_n=5000),
    "cuped_mean_relative": _cuped,
    "ratio_delta": _ratio,
    "cuped_ratio": _cuped_ratio,
    "bh": lambda entry: {"adj": families.benjamini_hochberg(entry["p"])},
    "holm": lambda entry: {"adj_sorted_by_p": families.holm(entry["p"])[entry["order"]]},
    "bh_R_multtest": lambda entry: {"bh_sorted": np.sort(families.benjamini_hochberg(entry["p"]))},
    "srm": _sample_ratios,
    "power_gb": _power,
    "power_R_pwr": _power_of_r,
    "two_proportions_Fagerland2015": _two_shares,
    "confseq_normal_mixture": _mixture,
    "late_imbens_rubin_1997": _compliers,
    "uplift_distinct": lambda entry: ordering.of_ten(entry["score"]),
    "uplift_ties": lambda entry: ordering.of_ten(entry["score"]),
    "sklift_unit": lambda _: ordering.of_a_few(),
    "ope_hand": _weighted,
}
