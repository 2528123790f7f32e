import math
from dataclasses import astuple

import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.deciles import by_decile, tenths
from analytics.measurement.lift import Lift, welch
from tests.analytics.measurement.reading import lift_of, reason_of

N = 50_000
RNG = np.random.default_rng(100)
PREDICTED = RNG.random(N)
TREATED = RNG.random(N) < 0.8


def test_members_who_were_expected_to_gain_more_are_seen_to() -> None:
    values = RNG.gamma(2, 2, N) + 4 * PREDICTED * TREATED
    estimates = [lift_of(one.lift).estimate for one in by_decile(PREDICTED, TREATED, values)]
    assert estimates[-1] > estimates[0] + 2.5
    shuffled = RNG.permutation(PREDICTED)
    by_chance = [lift_of(one.lift).estimate for one in by_decile(shuffled, TREATED, values)]
    assert max(by_chance) - min(by_chance) < 1.2  # negative control: predictions of other members tell nothing


def test_each_tenth_is_the_lift_of_its_own_members() -> None:
    values = RNG.gamma(2, 2, N)
    third = by_decile(PREDICTED, TREATED, values)[2]
    inside = (third.low <= PREDICTED) & (third.high >= PREDICTED)
    assert third.n == inside.sum() == N / 10
    expected = welch(moments.of(values[inside & TREATED]), moments.of(values[inside & ~TREATED]))
    assert astuple(lift_of(third.lift)) == pytest.approx(astuple(lift_of(expected)), rel=1e-9)


def test_members_with_the_same_prediction_stay_together() -> None:
    found = by_decile(np.repeat([1.0, 2.0], 500), np.arange(1000) % 2 == 0, RNG.random(1000))
    assert [one.n for one in found] == [500, 0, 0, 0, 0, 500, 0, 0, 0, 0]
    assert "Too few" in reason_of(found[1].lift)
    assert math.isnan(found[1].low)


@pytest.mark.parametrize("members", [1, 3, 10, 11, 999, 1000])
@pytest.mark.parametrize("different", [1, 4, 10**6])
def test_a_tenth_is_the_place_of_the_first_member_with_that_prediction(members: int, different: int) -> None:
    predicted = RNG.integers(different, size=members).astype(float)
    slow = [int((predicted < one).sum()) * 10 // members for one in predicted]
    assert tenths(predicted).tolist() == slow


def test_members_without_a_prediction_are_in_no_tenth() -> None:
    predicted = PREDICTED.copy()
    predicted[:1000] = math.nan
    assert sum(one.n for one in by_decile(predicted, TREATED, RNG.random(N))) == N - 1000


def test_nobody_at_all_is_ten_times_not_measured() -> None:
    found = by_decile([], np.array([], dtype=bool), [])
    assert len(found) == 10
    assert not any(isinstance(one.lift, Lift) for one in found)


def test_members_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(ValueError, match="one entry per member"):
        by_decile([1.0, 2.0], np.array([True]), [1.0, 2.0])
