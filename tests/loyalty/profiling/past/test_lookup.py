from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import segments
from loyalty.profiling.conditions import Bought, Happened, RuleError
from loyalty.profiling.history import index
from loyalty.profiling.past import lookup, occurrences
from tests.loyalty.profiling import pasts, rules
from tests.loyalty.profiling.worlds import TODAY

ANYTHING = Bought("anything", times=1)


def found(rule: Bought, tmp_path: Path, *rows: dict[str, int]) -> int:
    return lookup.bought(rule, pasts.index(pasts.of(pasts.lines(*rows)), tmp_path), 0)


@pytest.mark.parametrize(("age", "baskets"), [(0, 0), (1, 1), (30, 1), (31, 0), (-1, 0)])
def test_a_window_begins_so_many_days_back_and_ends_the_day_before(age: int, baskets: int, tmp_path: Path) -> None:
    assert found(Bought("anything", times=1, days=30), tmp_path, {"day": TODAY - age}) == baskets


@pytest.mark.parametrize(
    ("rows", "baskets"),
    [
        ([{"basket": 1}, {"basket": 1}], 1),
        ([{"basket": 1}, {"basket": 2}], 2),
        ([{"basket": 1}, {"basket": 1, "day": TODAY - 2}], 2),
        ([{"basket": 1}, {"basket": 1, "member": 1}], 1),
        ([{"basket": 1, "net_e4": 0}], 0),
        ([{"basket": 1}, {"basket": 1, "net_e4": -10_000}], 0),
        ([{"basket": 1}, {"basket": 1, "net_e4": -9_999}], 1),
        ([{"basket": 1}, {"basket": 2, "net_e4": -10_000}], 1),
    ],
)
def test_a_basket_counts_once_where_it_comes_to_more_than_nothing(
    rows: list[dict[str, int]], baskets: int, tmp_path: Path
) -> None:
    assert found(Bought("category", ("Home",), times=1), tmp_path, *({**row, "product": 4} for row in rows)) == baskets


def test_what_was_taken_back_later_is_not_in_the_amount(tmp_path: Path) -> None:
    rows = {"net_e4": 25_001}, {"day": TODAY - 3, "net_e4": -5_000}
    assert found(Bought("anything", amount_e4=1), tmp_path, *rows) == 20_001


def test_the_amount_of_a_window_has_the_returns_of_that_window_alone(tmp_path: Path) -> None:
    rows = {"net_e4": 25_001, "day": TODAY - 40}, {"day": TODAY - 3, "net_e4": -5_000}
    assert found(Bought("anything", amount_e4=1, days=30), tmp_path, *rows) == -5_000


@pytest.mark.parametrize(
    ("rule", "baskets"),
    [
        (ANYTHING, 1),
        (Bought("category", ("Home",), times=1), 0),
        (Bought("brand", ("Alma",), times=1), 0),
        (Bought("product", ("bun",), times=1), 0),
        (Bought("anything", times=1, channel="store"), 0),
        (Bought("anything", times=1, store="North"), 0),
    ],
)
def test_a_purchase_of_which_little_is_known_meets_what_does_not_ask_for_it(
    rule: Bought, baskets: int, tmp_path: Path
) -> None:
    assert found(rule, tmp_path, {"product": -1, "channel": -1, "store": -1}) == baskets


@pytest.mark.parametrize(
    ("named", "baskets"),
    [
        (("Grocery",), 4),
        (("Grocery > Coffee",), 3),
        (("Grocery > Coffee > Whole",), 2),
        (("Grocery > Coffee > Whole", "Grocery > Coffee"), 3),
        (("Home",), 1),
        (("Home", "Grocery > Bakery"), 2),
    ],
)
def test_a_category_is_itself_and_all_below_it(named: tuple[str, ...], baskets: int, tmp_path: Path) -> None:
    rows = ({"product": product} for product in range(5))
    assert found(Bought("category", named, times=1), tmp_path, *rows) == baskets


def test_several_categories_in_one_basket_are_one_basket(tmp_path: Path) -> None:
    rows = ({"product": product, "basket": 1} for product in range(5))
    assert found(Bought("category", ("Grocery", "Home"), times=1), tmp_path, *rows) == 1


@pytest.mark.parametrize("rule", [Bought("product", ("pen",), times=1), Bought("anything", times=1, store="East")])
def test_what_is_not_there_any_more_is_refused(rule: Bought, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="is not in these profiles any more"):
        found(rule, tmp_path, {})


@pytest.mark.parametrize("seed", range(8))
def test_many_stretches_find_whom_one_finds(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles, rows = pasts.profiles(seed, tmp_path)
    monkeypatch.setattr(index, "BASKETS_AT_ONCE", 2)
    monkeypatch.setattr(occurrences, "MEMBERS_AT_ONCE", 2)
    rng = np.random.default_rng(seed)
    for _ in range(30):
        data = rules.random_past(rng, profiles)
        rule = segments.parse(data, profiles.features, profiles.vocabularies)
        assert segments.matching(rule, profiles).tolist() == [rules.holds(data, row) for row in rows]


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize("seed", range(4))
def test_members_who_are_taken_keep_their_past(
    seed: int, few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (lookup, occurrences):
        monkeypatch.setattr(module, "FEW", few)
    profiles, rows = pasts.profiles(seed, tmp_path)
    rng = np.random.default_rng(seed)
    chosen = np.flatnonzero(rng.random(len(profiles)) < 0.7)
    again = np.flatnonzero(rng.random(len(chosen)) < 0.7)
    taken = profiles.take(chosen).take(again)
    for _ in range(20):
        data = rules.random_past(rng, profiles)
        rule = segments.parse(data, taken.features, taken.vocabularies)
        expected = [rules.holds(data, rows[position]) for position in chosen[again]]
        assert segments.matching(rule, taken).tolist() == expected
        assert [segments.explain(rule, taken, position).holds for position in range(len(taken))] == expected


@pytest.mark.parametrize(("times", "members"), [(1, [0, 2, 3]), (2, [0, 3]), (3, [3]), (4, [])])
def test_who_is_there_often_enough(times: int, members: list[int]) -> None:
    assert sorted(set(lookup.often(np.array([0, 0, 2, 3, 3, 3]), times).tolist())) == members


@pytest.mark.parametrize(("rule", "count"), [(Happened("open", 1), 2), (Happened("open", 1, 30), 1)])
def test_events_are_counted_by_kind_and_day(rule: Happened, count: int, tmp_path: Path) -> None:
    events = pasts.events({"kind": 1}, {"kind": 1, "day": TODAY - 31}, {"kind": 2}, {"kind": 1, "day": TODAY})
    past = pasts.Past(4, pasts.lines(), events)
    assert occurrences.happened(rule, pasts.index(past, tmp_path), 0) == count
