import math

import numpy as np
import pytest

from analytics.measurement.lift import welch
from analytics.measurement.moments import Moments
from analytics.measurement.sequential import (
    Interval,
    always_valid,
    errors_apart,
)
from tests.analytics.measurement.reading import lift_of

ALPHA = 0.05


def relative(reference: Moments, treated: Moments) -> tuple[float, float]:
    """The relative lift and its standard error, as the published intervals are about it."""
    lift = lift_of(welch(treated, reference))
    assert lift.relative is not None
    ratio = treated.mean / reference.mean
    return lift.relative, math.sqrt(treated.squared_error + ratio**2 * reference.squared_error) / reference.mean


def figures(estimate: float, error: float, interval: Interval) -> dict[str, float]:
    return {"relative": estimate, "error": error, "low": interval.low, "high": interval.high, "p": interval.p}


@pytest.mark.parametrize("n", [1, 30, 1000, 10**7])
@pytest.mark.parametrize("planned_n", [10, 5000])
@pytest.mark.parametrize("z", [0.5, 2.0, 3.0, 6.0])
def test_it_is_equation_nine_as_it_stands_in_the_paper(n: int, planned_n: int, z: float) -> None:
    squared_r = (-2 * math.log(ALPHA) + math.log(-2 * math.log(ALPHA) + 1)) / planned_n
    seen = n * squared_r
    width = math.sqrt(n) * math.sqrt(2 * (seen + 1) / (n * n * squared_r) * math.log(math.sqrt(seen + 1) / ALPHA))
    p = min(1.0, math.sqrt(seen + 1) * math.exp(-squared_r * z * z * n / (2 * (seen + 1))))
    found = always_valid(z, 1.0, n, planned_n=planned_n)
    assert (found.low, found.high, found.p) == pytest.approx((z - width, z + width, p), rel=1e-12)


def test_p_is_below_alpha_just_when_the_interval_excludes_zero() -> None:
    edge = errors_apart(700, planned_n=1000)
    inside, outside = (always_valid(z, 1.0, 700, planned_n=1000) for z in (edge - 1e-9, edge + 1e-9))
    assert inside.low < 0 < outside.low
    assert outside.p < ALPHA < inside.p


def test_the_interval_is_narrowest_about_when_planned() -> None:
    seen = np.geomspace(10, 1e6, 2000)
    widths = [errors_apart(n, planned_n=1000) / math.sqrt(n) * math.sqrt(1000) for n in seen]
    others = [errors_apart(1000, planned_n=planned) for planned in (100, 10_000)]
    assert errors_apart(1000, planned_n=1000) < min(others)
    assert widths == sorted(widths, reverse=True)  # more is always narrower


def test_it_is_wider_than_an_interval_for_one_look() -> None:
    assert min(errors_apart(n, planned_n=1000) for n in np.geomspace(1, 1e6, 200)) > 1.96


@pytest.mark.parametrize(("error", "n", "planned_n"), [(0.0, 9, 9), (math.nan, 9, 9), (1.0, 0, 9), (1.0, 9, 0)])
def test_nothing_seen_is_refused(error: float, n: int, planned_n: int) -> None:
    with pytest.raises(ValueError, match=r"above 0|more than nothing"):
        always_valid(1.0, error, n, planned_n=planned_n)
