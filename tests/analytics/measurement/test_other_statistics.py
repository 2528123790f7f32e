"""Random summaries of which another implementation, GrowthBook's gbstats 0.8.0, has told the figures."""

import json
from pathlib import Path
from typing import Any

import pytest

from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.lift import Lift, NotMeasured, welch
from analytics.measurement.moments import Paired, Ratio
from analytics.measurement.ratio import ratio_lift
from analytics.measurement.sequential import always_valid
from tests.analytics.measurement.reading import lift_of

SUMMARIES = json.loads((Path(__file__).parent / "gbstats.json").read_text())["summaries"]
Summary = dict[str, Any]


def arms(summary: Summary) -> tuple[Paired, Paired]:
    reference, treated = (Paired(*arm) for arm in summary["arms"])
    return treated, reference


def ratios(summary: Summary) -> tuple[Ratio, Ratio]:
    reference, treated = (Ratio(*arm) for arm in summary["arms"])
    return treated, reference


def told(lift: Lift) -> tuple[float, float, float, float]:
    return lift.estimate, lift.low, lift.high, lift.p


def near(theirs: list[float]) -> Any:
    """To a hundred-millionth, or so small a part of the interval where an end of it lies near 0."""
    return pytest.approx(tuple(theirs), rel=1e-8, abs=1e-8 * (theirs[2] - theirs[1]))


@pytest.mark.parametrize("summary", SUMMARIES)
def test_differences_of_means_agree(summary: Summary) -> None:
    treated, reference = arms(summary)
    assert told(lift_of(welch(treated.outcome, reference.outcome))) == near(summary["absolute"])


@pytest.mark.parametrize("summary", SUMMARIES)
def test_always_valid_intervals_agree(summary: Summary) -> None:
    treated, reference = arms(summary)
    lift = lift_of(welch(treated.outcome, reference.outcome))
    n = treated.n + reference.n
    found = always_valid(lift.estimate, lift.error, n, planned_n=summary["planned_n"])
    assert (lift.estimate, found.low, found.high, found.p) == near(summary["sequential"])


@pytest.mark.parametrize("summary", SUMMARIES)
def test_adjusted_differences_agree(summary: Summary) -> None:
    found = adjusted(*arms(summary))
    assert isinstance(found, Adjusted)
    *figures, theta = summary["adjusted"]
    assert told(found.lift) == near(figures)
    assert found.theta == pytest.approx(theta, rel=1e-8)


def relatives(lift: Lift) -> tuple[float | None, ...]:
    return lift.relative, lift.relative_low, lift.relative_high


def compared(lift: Lift | NotMeasured, figures: list[float]) -> bool:
    """Whether there are relative figures to compare; where there are, that they agree."""
    if isinstance(lift, NotMeasured) or lift.relative is None:
        return False  # they give a share of a mean that may as well be 0
    assert relatives(lift) == near(figures[:3])
    return True


def test_relative_lifts_agree_wherever_we_give_them() -> None:
    lifts = [welch(*(arm.outcome for arm in arms(summary))) for summary in SUMMARIES]
    agreed = [compared(lift, summary["relative"]) for lift, summary in zip(lifts, SUMMARIES, strict=True)]
    assert sum(agreed) > 40


def test_ratios_agree_wherever_we_give_them() -> None:
    lifts = [ratio_lift(*ratios(summary)) for summary in SUMMARIES]
    given = [(lift, summary) for lift, summary in zip(lifts, SUMMARIES, strict=True) if isinstance(lift, Lift)]
    assert all(told(lift) == near(summary["ratio"]) for lift, summary in given)
    assert sum(compared(lift, summary["ratio_relative"]) for lift, summary in given) > 30
