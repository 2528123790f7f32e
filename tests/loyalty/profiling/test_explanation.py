from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import segments
from loyalty.profiling.segments import All, AnyOf, Comparison, Explanation, Not, Rule, explain
from loyalty.profiling.table import Feature, Profiles
from tests.loyalty.profiling import pasts, reasons, rules

FEATURES = {
    "recency": Feature("recency", "Days since last purchase", "days", "days", "", "", ""),
    "tier": Feature("tier", "Tier", "", "category", "", "", ""),
    "pet": Feature("pet", "Has a pet", "", "flag", "", "", ""),
}
PROFILES = Profiles(
    as_of=date(2026, 3, 1),
    member_ids=np.arange(2),
    columns={
        "recency": np.array([45, np.nan], dtype=np.float32),
        "tier": np.array([1, -1], dtype=np.int8),
        "pet": np.array([0, -1], dtype=np.int8),
    },
    vocabularies={"tier": ("Silver", "Gold")},
    features=FEATURES,
)
RECENT, GOLD = Comparison("recency", "at_most", 30.0), Comparison("tier", "equals", "Gold")
PET = Comparison("pet", "equals", operand=True)
NOT_RECENT = "Days since last purchase is 45, which is not at most 30"
UNKNOWN = "Days since last purchase is unknown, and an unknown value never meets “is at most 30”"
NEITHER = f"None of 2 conditions, one of which is needed, holds: {NOT_RECENT}; Has a pet is no, not “yes”"


@pytest.mark.parametrize(
    ("rule", "position", "sentence"),
    [
        (RECENT, 0, f"{NOT_RECENT}."),
        (GOLD, 0, "Tier is Gold."),
        (PET, 0, "Has a pet is no, not “yes”."),
        (RECENT, 1, f"{UNKNOWN}."),
        (Comparison("tier", "known"), 0, "Tier is known: Gold."),
        (Comparison("tier", "known"), 1, "Tier is unknown."),
        (Comparison("tier", "unknown"), 1, "Tier is unknown."),
        (All(()), 0, "There is no condition, so everybody is in."),
        (AnyOf(()), 0, "There is no condition that anybody could meet."),
        (All((GOLD,)), 0, "Tier is Gold."),
        (
            All((RECENT, GOLD)),
            0,
            f"1 of 2 conditions, all of which are needed, fails: {NOT_RECENT}.",
        ),
        (AnyOf((RECENT, GOLD)), 0, "1 of 2 conditions, one of which is enough, holds: Tier is Gold."),
        (
            Not(RECENT),
            1,
            f"A condition that must not hold does not hold: {UNKNOWN}.",
        ),
        (Not(GOLD), 0, "A condition that must not hold holds: Tier is Gold."),
        (
            Not(AnyOf((RECENT, PET))),
            0,
            f"A condition that must not hold does not hold: ({NEITHER}).",
        ),
    ],
)
def test_the_sentence_names_the_value_that_decided(rule: Rule, position: int, sentence: str) -> None:
    assert explain(rule, PROFILES, position).sentence == sentence


def test_a_long_list_of_reasons_is_cut_short() -> None:
    assert explain(All((GOLD,) * 5), PROFILES, 0).sentence.endswith("; and 2 more.")


@pytest.mark.parametrize("seed", range(50))
def test_every_verdict_about_2000_random_rules_is_true_and_so_is_every_reason(seed: int, tmp_path: Path) -> None:
    profiles, rows = pasts.profiles(seed, tmp_path)
    rng = np.random.default_rng(seed)
    saved = rules.random_segments(rng, profiles, 3)
    for _ in range(40):
        data = rules.random_rule(rng, profiles, segments=len(saved))
        rule = segments.parse(data, profiles.features, profiles.vocabularies, find=rules.finder(saved))
        position = int(rng.integers(0, len(profiles)))
        about = reasons.About(rows[position], profiles.features, saved)
        assert list(about.faults(data, explain(rule, profiles, position))) == []


LAPSING = {"any": [{"feature": "recency", "is": "at_least", "value": 40}]}


def explained(data: object, position: int = 0) -> Explanation:
    rule = segments.parse(data, FEATURES, PROFILES.vocabularies, find=rules.finder([LAPSING]))
    return explain(rule, PROFILES, position)


@pytest.mark.parametrize(
    ("position", "sentence"),
    [
        (0, "In the segment “S0”: (Days since last purchase is 45, which is at least 40)."),
        (1, f"Not in the segment “S0”: ({UNKNOWN.replace('at most 30', 'at least 40')})."),
    ],
)
def test_another_segment_is_explained_down_to_the_value_that_decided(position: int, sentence: str) -> None:
    assert explained({"segment": 0}, position).sentence == sentence


@pytest.mark.parametrize(
    "told",
    [
        Explanation(holds=False, sentence="Tier is Gold, not “Silver”."),
        Explanation(holds=True, sentence="Tier is Silver."),
        Explanation(holds=True, sentence="Tier is Gold, not “Gold”."),
    ],
)
def test_the_check_of_reasons_catches_a_false_one(told: Explanation) -> None:
    about = reasons.About(PROFILES.row(0), FEATURES, [])
    data = {"feature": "tier", "is": "equals", "value": "Gold"}
    assert list(about.faults(data, explained(data))) == []
    assert list(about.faults(data, told)) != []


@pytest.mark.parametrize(
    "sentence",
    [
        "2 of 2 conditions, all of which are needed, fail: Tier is Gold.",
        "1 of 2 conditions, all of which are needed, fails: Tier is Gold.",
        "1 of 2 conditions, one of which is enough, holds: Days since last purchase is 45, which is not at most 30.",
    ],
)
def test_the_check_of_reasons_catches_a_group_that_blames_the_wrong_part(sentence: str) -> None:
    about = reasons.About(PROFILES.row(0), FEATURES, [])
    parts = [{"feature": "recency", "is": "at_most", "value": 30}, {"feature": "tier", "is": "equals", "value": "Gold"}]
    told = explained({"all": parts})
    assert list(about.faults({"all": parts}, told)) == []
    assert list(about.faults({"all": parts}, replace(told, sentence=sentence))) != []


@pytest.mark.parametrize(
    "sentence",
    [
        "Days since last purchase is 30, which is not at most 30.",
        "Days since last purchase is 45, which is at most 30.",
        "Share of price taken off is 12.5 %, which is at least 13 %.",
        "Tier is Gold, which is one of Silver, Bronze.",
        "Tier is Gold, not “Gold”.",
        "Baskets ever is 1,200, which is between 1 and 3.",
    ],
)
def test_the_check_of_sentences_catches_a_false_one(sentence: str) -> None:
    assert not reasons.is_true_as_written(sentence)


@pytest.mark.parametrize("seed", range(10))
def test_a_group_names_as_many_deciding_conditions_as_there_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = tuple(rng.permutation([0] * int(rng.integers(1, 4)) + [1] * int(rng.integers(1, 4))).tolist())
    rule = All(tuple(GOLD if part else RECENT for part in parts))
    failing = parts.count(0)
    assert explain(rule, PROFILES, 0).sentence.startswith(f"{failing} of {len(parts)} conditions, all of which")
