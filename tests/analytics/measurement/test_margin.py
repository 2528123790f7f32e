import numpy as np
import pytest

from analytics.measurement.margin import member_totals, net_margin


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
