import math

import pytest

from analytics.measurement.settling import Settling, settling

Z = 1.959963984540054


def of(error: float, estimate: float, **known: float) -> Settling:
    return settling(error, estimate, 10_000, **{"share_held_out": 0.1, **known})


def test_half_the_errors_needed_take_four_times_as_much() -> None:
    found = of(1.0, Z / 2, days_now=3)
    assert found.times == pytest.approx(4)
    assert (found.members, found.days) == (30_000, 9)
    assert not found.is_settled


def test_with_so_many_members_more_the_interval_would_exclude_zero() -> None:
    found = of(2.0, 1.1)
    assert found.members is not None
    error = 2.0 * math.sqrt(10_000 / (10_000 + found.members))
    assert 1.1 - Z * error > 0
    assert 1.1 - Z * 2.0 * math.sqrt(10_000 / (10_000 + found.members - 2)) < 0


def test_with_that_share_held_out_the_interval_would_just_exclude_zero() -> None:
    found = of(1.0, 1.5)
    assert found.share_held_out is not None
    error = math.sqrt(0.1 * 0.9 / (found.share_held_out * (1 - found.share_held_out)))
    assert 1.5 - Z * error == pytest.approx(0, abs=1e-9)
    assert 0.1 < found.share_held_out < 0.5


def test_no_share_held_out_makes_up_for_far_too_few_members() -> None:
    assert of(1.0, 0.5).share_held_out is None


def test_an_estimate_of_nothing_is_never_settled() -> None:
    found = of(1.0, 0.0, days_now=3)
    assert (found.times, found.members, found.days, found.share_held_out) == (math.inf, None, None, None)


def test_what_is_settled_needs_nothing_more() -> None:
    found = of(1.0, -3.0, days_now=3)
    assert found.is_settled
    assert (found.members, found.days) == (0, 0)


@pytest.mark.parametrize(("error", "share"), [(0.0, 0.1), (math.nan, 0.1), (1.0, 0.0), (1.0, 1.0)])
def test_a_campaign_without_error_or_arms_is_refused(error: float, share: float) -> None:
    with pytest.raises(ValueError, match="needs an error"):
        of(error, 1.0, share_held_out=share)
