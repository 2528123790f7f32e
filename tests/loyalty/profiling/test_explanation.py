import operator
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from loyalty.profiling import segments
from loyalty.profiling.conditions import branches
from loyalty.profiling.features import build
from loyalty.profiling.segments import All, AnyOf, Comparison, Explanation, Not, Rule, explain
from loyalty.profiling.table import Feature, Profiles, Value
from tests.loyalty.profiling import rules
from tests.loyalty.profiling.worlds import AS_OF, VOCABULARIES, world

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


def leaves(rule: Rule, explanation: Explanation) -> Iterator[tuple[Comparison, Explanation]]:
    if isinstance(rule, Comparison):
        yield rule, explanation
    for (_, part), explained in zip(branches(rule), explanation.parts, strict=True):
        yield from leaves(part, explained)


TESTS = {
    "is one of": lambda value, *wanted: value in wanted,
    "is at least": operator.ge,
    "is at most": operator.le,
    "is between": lambda value, low, high: low <= value <= high,
}
COMPARED = re.compile(r" is (?P<value>.+), which (?P<op>is (not )?(at least|at most|between|one of)) (?P<wanted>.+)\.")
DIFFERENT = re.compile(r" is (?P<value>.+), not “(?P<wanted>.+)”\.")


def is_true_as_written(sentence: str) -> bool:
    """Compare the numbers or words that the sentence itself names."""
    if told := DIFFERENT.search(sentence):
        return read(told["value"]) != read(told["wanted"])
    told = COMPARED.search(sentence)
    wanted = re.split(" and " if "between" in told["op"] else ", ", told["wanted"])
    outcome = TESTS[told["op"].replace("is not", "is")](read(told["value"]), *map(read, wanted))
    return outcome != told["op"].startswith("is not")


def read(text: str) -> Decimal | str:
    for unit in (" %", " money", " times average"):
        text = text.removesuffix(unit)
    plain = text.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"-?[\d.]+", plain) else text


def says_what_is(sentence: str, rule: Comparison, value: Value, *, holds: bool) -> bool:
    """Whether a comparison's sentence is true of the value and states the verdict."""
    if value is None:
        return " is unknown" in sentence
    if rule.op in ("known", "unknown"):
        return " is known: " in sentence
    only = rule.operand if rule.op == "equals" else next(iter(rule.operand)) if rule.op == "in" else None
    if holds and (rule.op == "equals" or rule.operand == (only,)):
        return only == value and ", not “" not in sentence
    denied = ", which is not" in sentence or ", not “" in sentence
    return is_true_as_written(sentence) and denied != holds


@pytest.mark.parametrize("seed", range(25))
def test_every_verdict_about_random_rules_is_true_and_so_is_its_sentence(seed: int) -> None:
    a_world = world(seed, most_members=20, most_lines=200)
    profiles = build(a_world.members, a_world.lines, as_of=AS_OF, vocabularies=VOCABULARIES)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        data = rules.random_rule(rng, profiles)
        rule = segments.parse(data, profiles.features, profiles.vocabularies)
        position = int(rng.integers(0, len(profiles)))
        explanation, row = explain(rule, profiles, position), profiles.row(position)
        assert explanation.holds == rules.holds(data, row)
        for leaf, explained in leaves(rule, explanation):
            assert says_what_is(explained.sentence, leaf, row[leaf.feature], holds=explained.holds), explained


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
    assert not is_true_as_written(sentence)


@pytest.mark.parametrize("seed", range(10))
def test_a_group_names_as_many_deciding_conditions_as_there_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = tuple(rng.permutation([0] * int(rng.integers(1, 4)) + [1] * int(rng.integers(1, 4))).tolist())
    rule = All(tuple(GOLD if part else RECENT for part in parts))
    failing = parts.count(0)
    assert explain(rule, PROFILES, 0).sentence.startswith(f"{failing} of {len(parts)} conditions, all of which")
