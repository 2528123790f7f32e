import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import matching as engine
from loyalty.profiling import segments
from loyalty.profiling.segments import Bitsets, Comparison, Count, InSegment, Not, RuleError, bitset, counts, matching
from loyalty.profiling.steps import narrowed
from loyalty.profiling.table import Feature, Profiles, code_type
from tests.loyalty.profiling import pasts, rules
from tests.loyalty.profiling.worlds import AS_OF

KINDS = {"recency": "days", "tier": "category", "pet": "flag"}


@pytest.fixture
def profiles() -> Profiles:
    return Profiles(
        as_of=date(2026, 3, 1),
        member_ids=np.arange(4),
        columns={
            "recency": np.array([5, 30, 31, np.nan], dtype=np.float32),
            "tier": np.array([1, 0, -1, 1], dtype=np.int8),
            "pet": np.array([1, 0, -1, 0], dtype=np.int8),
        },
        vocabularies={"tier": ("Silver", "Gold")},
        features={name: Feature(name, name, "", kind, "", "", "") for name, kind in KINDS.items()},
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Comparison("recency", "at_most", 30.0), "1100"),
        (Comparison("recency", "at_least", 30.0), "0110"),
        (Comparison("recency", "between", (5.0, 30.0)), "1100"),
        (Comparison("recency", "equals", 31.0), "0010"),
        (Comparison("recency", "in", (5.0, 31.0)), "1010"),
        (Comparison("recency", "known"), "1110"),
        (Comparison("recency", "unknown"), "0001"),
        (Comparison("tier", "equals", "Gold"), "1001"),
        (Comparison("tier", "in", ("Silver",)), "0100"),
        (Comparison("tier", "unknown"), "0010"),
        (Comparison("pet", "equals", operand=True), "1000"),
        (Comparison("pet", "equals", operand=False), "0101"),
        (Comparison("pet", "known"), "1101"),
    ],
)
def test_a_comparison_matches_by_hand(profiles: Profiles, rule: Comparison, expected: str) -> None:
    assert matching(rule, profiles).tolist() == [letter == "1" for letter in expected]


def test_not_of_a_comparison_with_an_unknown_value_matches(profiles: Profiles) -> None:
    assert matching(Not(Comparison("recency", "at_most", 30.0)), profiles).tolist() == [False, False, True, True]


def test_nothing_required_is_everybody_and_nothing_offered_is_nobody(profiles: Profiles) -> None:
    assert matching(segments.All(()), profiles).all()
    assert not matching(segments.AnyOf(()), profiles).any()


def test_every_part_is_counted_in_the_order_in_which_it_is_written(profiles: Profiles) -> None:
    recent, gold = Comparison("recency", "at_most", 30.0), Comparison("tier", "equals", "Gold")
    rule = segments.All((recent, segments.AnyOf((gold, Not(Comparison("pet", "known"))))))
    assert counts(rule, profiles) == (
        Count("", 1),
        Count("all.0", 2),
        Count("all.1", 3),
        Count("all.1.any.0", 2),
        Count("all.1.any.1", 1),
        Count("all.1.any.1.not", 3),
    )


@pytest.mark.parametrize("count", [1, 128, 129, 300])
def test_the_last_word_of_a_vocabulary_of_any_size_can_be_asked_for(count: int) -> None:
    words = tuple(f"word {number}" for number in range(count))
    feature = Feature("tier", "Tier", "", "category", "", "", "")
    column = np.array([-1, 0, count - 1], dtype=code_type(words))
    profiles = Profiles(AS_OF, np.arange(3), {"tier": column}, {"tier": words}, {"tier": feature})
    assert matching(Comparison("tier", "equals", words[-1]), profiles).tolist() == [False, count == 1, True]


def test_a_word_that_is_gone_is_refused_rather_than_matched_by_not(profiles: Profiles) -> None:
    with pytest.raises(RuleError, match="can be “Platinum” any more"):
        matching(Not(Comparison("tier", "equals", "Platinum")), profiles)


def test_a_feature_that_is_gone_is_refused(profiles: Profiles) -> None:
    with pytest.raises(RuleError, match="no feature “churn”"):
        matching(Comparison("churn", "known"), profiles)


@pytest.mark.parametrize("seed", range(25))
def test_random_rules_match_whom_their_words_mean(seed: int, tmp_path: Path) -> None:
    profiles, rows = pasts.profiles(seed, tmp_path)
    as_kept = replace(profiles, columns={name: narrowed(profiles.column(name)) for name in profiles.columns})
    assert all(as_kept.row(position).items() <= rows[position].items() for position in range(len(profiles)))
    rng = np.random.default_rng(seed)
    for _ in range(20):
        data = rules.random_rule(rng, profiles)
        rule = segments.parse(data, profiles.features, profiles.vocabularies)
        expected = [rules.holds(data, row) for row in rows]
        assert matching(rule, profiles).tolist() == matching(rule, as_kept).tolist() == expected
        assert counts(rule, profiles)[0] == Count("", sum(expected))


@pytest.mark.parametrize("seed", range(10))
def test_rules_that_ask_for_segments_match_whom_their_words_mean(seed: int, tmp_path: Path) -> None:
    profiles, rows = pasts.profiles(seed, tmp_path)
    rng, kept = np.random.default_rng(seed), Bitsets(room_bytes=20_000)
    saved = rules.random_segments(rng, profiles, 4)
    for _ in range(20):
        data = rules.random_rule(rng, profiles, segments=4)
        rule = segments.parse(data, profiles.features, profiles.vocabularies, find=rules.finder(saved))
        assert bitset(rule, profiles, kept).mask().tolist() == [rules.holds(data, row, saved) for row in rows]


def test_a_segment_is_counted_by_its_own_rule(profiles: Profiles) -> None:
    rule = InSegment(4, "Recent", Comparison("recency", "at_most", 30.0))
    assert counts(rule, profiles) == (Count("", 2), Count("segment", 2))


RECENT = Comparison("recency", "at_most", 30.0)


def kept_count(kept: Bitsets, condition: Comparison, profiles: Profiles) -> int:
    return kept.of([condition], profiles)[condition].count


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every condition that was looked up in the columns."""
    seen, look = [], engine.lookup
    monkeypatch.setattr(engine, "lookup", lambda rules, profiles: seen.extend(rules) or look(rules, profiles))
    return seen


def test_a_condition_is_looked_up_once(profiles: Profiles, lookups: list[object]) -> None:
    kept = Bitsets(room_bytes=10_000)
    assert [kept_count(kept, RECENT, profiles) for _ in range(3)] == [2, 2, 2]
    assert lookups == [RECENT]


def test_only_what_is_not_kept_is_looked_up(profiles: Profiles, lookups: list[object]) -> None:
    kept, gold = Bitsets(room_bytes=10_000), Comparison("tier", "equals", "Gold")
    kept_count(kept, RECENT, profiles)
    assert [found.count for found in kept.of([gold, RECENT, gold], profiles).values()] == [2, 2]
    assert lookups == [RECENT, gold]


def test_nobody_is_kept_like_anybody_else(profiles: Profiles, lookups: list[object]) -> None:
    kept, none = Bitsets(room_bytes=10_000), Comparison("recency", "at_most", -1.0)
    assert [kept_count(kept, none, profiles) for _ in range(2)] == [0, 0]
    assert lookups == [none]


def test_profiles_never_answer_for_each_other(profiles: Profiles) -> None:
    kept = Bitsets(room_bytes=10_000)
    later = replace(profiles, columns={**profiles.columns, "recency": profiles.column("recency") + 30})
    assert [kept_count(kept, RECENT, each) for each in (profiles, later, profiles)] == [2, 0, 2]


def test_what_was_not_asked_for_longest_makes_room(profiles: Profiles, lookups: list[object]) -> None:
    kept = Bitsets(room_bytes=2 * (engine.ENTRY_BYTES + 8))
    first, second, third = (Comparison("recency", "at_most", days) for days in (1.0, 2.0, 3.0))
    for rule in (first, second, first, third, first, second):
        kept_count(kept, rule, profiles)
    assert lookups == [first, second, third, second]


def test_kept_sets_do_not_keep_profiles_alive(profiles: Profiles) -> None:
    kept, copy = Bitsets(room_bytes=10_000), replace(profiles)
    kept_count(kept, RECENT, copy)
    ((kept_for, _),) = kept._kept
    del copy
    gc.collect()
    assert kept_for() is None


def test_threads_share_what_is_kept_within_its_room(profiles: Profiles) -> None:
    kept = Bitsets(room_bytes=5 * (engine.ENTRY_BYTES + 8))
    asked = [Comparison("recency", "at_most", float(days % 40)) for days in range(2000)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda rule: kept_count(kept, rule, profiles), asked))
    assert found == [sum(rule.operand >= days for days in (5, 30, 31)) for rule in asked]
    assert kept._bytes == sum(each.nbytes + engine.ENTRY_BYTES for each in kept._kept.values()) <= kept.room_bytes


@pytest.mark.parametrize("count", [13, 300])
def test_any_number_of_words_and_numbers_can_be_asked_for(count: int) -> None:
    words = tuple(f"word {number}" for number in range(2 * count))
    codes = np.arange(-1, 2 * count)
    features = {name: Feature(name, name, "", kind, "", "", "") for name, kind in (("w", "category"), ("x", "ratio"))}
    columns = {"w": codes.astype(code_type(words)), "x": (codes / 10).astype(np.float32)}
    profiles = Profiles(AS_OF, np.arange(len(codes)), columns, {"w": words}, features)
    odd = [{"feature": "w", "is": "in", "value": list(words[1::2])}]
    odd.append({"feature": "x", "is": "in", "value": [float(str(value)) for value in columns["x"][2::2]]})
    expected = (codes % 2 == 1) & (codes > 0)
    for rule in odd:
        assert np.array_equal(matching(segments.parse(rule, features, {"w": words}), profiles), expected)
