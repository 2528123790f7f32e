import numpy as np
import pytest

from loyalty.profiling import affinity, growing
from tests.loyalty.profiling.worlds import TODAY, lines, visits


def weighted(*rows: dict[str, int]) -> list[list[float]]:
    spend = affinity.weighted_spend(lines(*rows), members=2, departments=2, on_day=TODAY)
    return (spend / affinity.FULL_WEIGHT / 10_000).tolist()


def affinities(spend: np.ndarray) -> np.ndarray:
    return affinity.affinities(spend, affinity.everybodys(spend))


def test_a_purchase_counts_half_after_90_days() -> None:
    assert weighted({"day": TODAY - 90, "net_e4": 40_000}) == [[2, 0], [0, 0]]
    assert weighted({"day": TODAY - 180, "net_e4": 40_000}) == [[1, 0], [0, 0]]


def test_a_very_old_purchase_still_counts_a_little() -> None:
    assert affinity.weighted_spend(visits(9000), members=1, departments=1, on_day=TODAY).tolist() == [[10_000]]


def test_a_return_takes_its_purchase_back() -> None:
    bought_and_returned = [{"day": TODAY - 90, "net_e4": 40_000}, {"day": TODAY - 90, "net_e4": -30_000}]
    assert weighted(*bought_and_returned) == [[0.5, 0], [0, 0]]


def test_more_returned_than_bought_is_no_spend() -> None:
    assert weighted({"net_e4": -30_000}) == [[0, 0], [0, 0]]


def test_lines_without_a_department_take_no_part() -> None:
    assert weighted({"department": -1}) == [[0, 0], [0, 0]]


def test_affinity_is_the_share_over_everybodys_share() -> None:
    # Everybody spends 40 of 100 on the first department; the first member half, the second a third.
    told = affinities(np.array([[20.0, 20.0], [20.0, 40.0]]))
    np.testing.assert_allclose(told, [[1.25, 0.5 / 0.6], [1 / 1.2, 1 / 0.9]], rtol=1e-7)


def test_members_who_buy_like_everybody_have_affinity_one() -> None:
    assert affinities(np.array([[1.0, 3.0], [2.0, 6.0]])).tolist() == [[1, 1], [1, 1]]


def test_affinity_is_unknown_without_spend_and_where_nobody_buys() -> None:
    told = affinities(np.array([[0.0, 0.0], [5.0, 0.0]]))
    np.testing.assert_equal(told, [[np.nan, np.nan], [1, np.nan]])


def test_the_favourite_is_where_most_is_spent_and_the_first_on_a_tie() -> None:
    assert affinity.top_departments(np.array([[1.0, 2.0], [2.0, 2.0], [0.0, 0.0]])).tolist() == [1, 0, -1]


def test_without_departments_nobody_has_a_favourite() -> None:
    assert affinity.top_departments(np.zeros((2, 0))).tolist() == [-1, -1]


def test_everybodys_spend_is_summed_however_many_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "ROWS_AT_ONCE", 2)
    assert affinity.everybodys(np.arange(10.0).reshape(5, 2)).tolist() == [20, 25]
    assert affinity.everybodys(np.zeros((0, 2))).tolist() == [0, 0]
