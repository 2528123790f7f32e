import numpy as np
import pytest

from analytics.measurement import moments
from analytics.measurement.lift import NotMeasured, welch
from analytics.measurement.margin import Decomposition, decomposition, member_totals, net_margin, subsidy
from analytics.measurement.moments import Moments
from tests.analytics.measurement.reading import lift_of


def test_lines_are_summed_per_member_with_zeros_for_the_others() -> None:
    totals = member_totals(np.array([2, 0, 2]), np.array([15_000, 2_500, -5_000]), 4)
    assert totals.tolist() == [0.25, 0.0, 1.0, 0.0]


def test_sums_of_money_are_exact() -> None:
    # 0.1 cannot be written in binary: adding it a hundred thousand times as a float gives 10000.000000018848.
    lines = 100_000
    assert member_totals(np.zeros(lines, int), np.full(lines, 1_000), 1).tolist() == [10_000.0]


def test_no_lines_are_no_spend() -> None:
    assert member_totals(np.array([], dtype=int), np.array([], dtype=np.int64), 3).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("position", [-1, 3])
def test_a_line_of_nobody_is_refused(position: int) -> None:
    with pytest.raises(ValueError, match="no member"):
        member_totals(np.array([0, position]), np.array([1, 1]), 3)


def test_an_amount_without_its_member_is_refused() -> None:
    with pytest.raises(ValueError, match="one member position per amount"):
        member_totals(np.array([0]), np.array([1, 1]), 3)


def test_margin_is_net_of_rewards_and_messages_as_worked_by_hand() -> None:
    net = net_margin(
        np.array([10.0, 4.0, 0.0]), rewards=np.array([2.5, 0.0, 0.0]), messages=np.array([1, 0, 2]), contact_cost=0.05
    )
    assert net.tolist() == [7.45, 4.0, -0.1]


def test_an_unknown_margin_stays_unknown() -> None:
    net = net_margin(np.array([np.nan, 1.0]), rewards=np.zeros(2), messages=np.zeros(2, int), contact_cost=0.05)
    assert np.isnan(net).tolist() == [True, False]


def test_members_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(ValueError, match="one entry per member"):
        net_margin(np.zeros(2), rewards=np.zeros(3), messages=np.zeros(2, int), contact_cost=0.0)


PLANTED = {"target": 2.0, "cannibalised": -0.8, "halo": 0.5, "rewards": -0.6}


def baskets(seed: int, *, planted: dict[str, float]) -> tuple[dict[str, tuple[Moments, Moments]], np.ndarray]:
    """Parts of 6,000 members' baskets, treated and not, and the (2, 3000) whole baskets."""
    rng = np.random.default_rng(seed)
    parts = {name: rng.gamma(0.5, 10, (2, 3000)) for name in planted}
    for name, effect in planted.items():
        parts[name][0] += effect * rng.gamma(1, 1, 3000)
    arms = {name: (moments.of(values[0]), moments.of(values[1])) for name, values in parts.items()}
    return arms, sum(parts.values(), start=np.zeros((2, 3000)))


def found_parts(seed: int) -> tuple[Decomposition, np.ndarray]:
    arms, whole = baskets(seed, planted=PLANTED)
    return decomposition(arms), whole


@pytest.mark.parametrize("seed", range(5))
def test_parts_add_up_to_the_effect_on_the_whole_basket(seed: int) -> None:
    found, whole = found_parts(seed)
    assert found.whole == sum(part.estimate for part in found.parts)
    expected = lift_of(welch(moments.of(whole[0]), moments.of(whole[1]))).estimate
    assert found.whole == pytest.approx(expected, abs=1e-9)  # a billionth of a cent


def test_what_was_planted_in_each_part_is_found_there() -> None:
    worlds = np.array([[part.estimate for part in found_parts(seed)[0].parts] for seed in range(200)])
    error = worlds.std(axis=0, ddof=1) / np.sqrt(len(worlds))
    assert (np.abs(worlds.mean(axis=0) - list(PLANTED.values())) < 3 * error).all()


def test_intervals_of_parts_cover_what_was_planted() -> None:
    covered = [
        lift_of(part.lift).low <= PLANTED[part.name] <= lift_of(part.lift).high
        for seed in range(200)
        for part in found_parts(seed)[0].parts
    ]
    assert 0.93 <= np.mean(covered) <= 0.97


def test_a_part_that_nobody_bought_is_known_to_be_nothing() -> None:
    nothing = moments.of(np.zeros(50))
    found = decomposition({"halo": (nothing, nothing)})
    assert found.parts[0].estimate == 0.0
    assert isinstance(found.parts[0].lift, NotMeasured)


def test_parts_of_different_members_are_refused() -> None:
    one, other = moments.of([1.0, 2.0]), moments.of([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="same members"):
        decomposition({"target": (one, one), "halo": (other, one)})


def test_discount_on_what_would_have_been_bought_anyway_is_a_subsidy() -> None:
    # 1,000 treated members bought 0.3 times each, the others 0.2: of 400 redemptions, 100 were brought by the offer.
    treated, reference = Moments(1000, 300, 300), Moments(500, 100, 100)
    found = subsidy(treated, reference, redemptions=400, discount=800.0)
    assert found.incremental_share == pytest.approx(0.25)
    assert found.subsidised == pytest.approx(600.0)


def test_redemptions_taken_for_sales_overstate_what_they_brought() -> None:
    # The claim of every redemption against what the offer brought: overstated by 1 over the incremental share.
    treated, reference = Moments(1000, 300, 300), Moments(500, 100, 100)
    found = subsidy(treated, reference, redemptions=400, discount=800.0)
    assert found.redemptions / (treated.n * (treated.mean - reference.mean)) == pytest.approx(1 / 0.25)
    assert found.incremental_share * found.redemptions == pytest.approx(100)


@pytest.mark.parametrize(("treated", "share"), [(50.0, 0.0), (5000.0, 1.0)])
def test_the_share_brought_is_none_at_least_and_all_at_most(treated: float, share: float) -> None:
    found = subsidy(Moments(1000, treated, treated), Moments(1000, 200, 200), redemptions=100, discount=10.0)
    assert found.incremental_share == share
    assert found.subsidised == 10.0 * (1 - share)


def test_without_redemptions_nothing_was_given_away() -> None:
    assert subsidy(Moments(9, 3, 3), Moments(9, 1, 1), redemptions=0, discount=0.0).subsidised == 0.0


def test_what_is_only_bought_earlier_is_gone_over_a_longer_window() -> None:
    rng = np.random.default_rng(120)
    pulled = 5.0 * (rng.random(4000) < 0.3)
    window, after = rng.gamma(2, 20, (2, 8000))
    window[:4000] += pulled
    after[:4000] -= pulled
    short, long = (
        lift_of(welch(moments.of(values[:4000]), moments.of(values[4000:]))) for values in (window, window + after)
    )
    assert short.low > 0
    assert long.low < 0 < long.high
