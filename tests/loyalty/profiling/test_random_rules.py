"""2,000 random rules, each against every one of some hundred members: those they match are those their words mean."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from loyalty.profiling import matching as engine
from loyalty.profiling import segments
from loyalty.profiling.conditions import Bought, Comparison, Condition, Happened, allowed_ops
from loyalty.profiling.segments import Bitsets, bitset, counts, matching
from loyalty.profiling.steps import narrowed
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling import pasts, rules
from tests.loyalty.profiling.pasts import Row
from tests.loyalty.profiling.rules import Json

TREES, CROWDS, SEGMENTS = 2000, 10, 4
Crowd = tuple[Profiles, list[Row]]


@pytest.fixture(scope="module")
def crowds(tmp_path_factory: pytest.TempPathFactory) -> list[Crowd]:
    return [pasts.crowd(seed, tmp_path_factory.mktemp("crowd")) for seed in range(CROWDS)]


def trees(seed: int, profiles: Profiles) -> tuple[list[Json], list[Json]]:
    """The crowd's part of the rules, and the segments that they ask for."""
    rng = np.random.default_rng(seed)
    saved = rules.random_segments(rng, profiles, SEGMENTS)
    return [rules.random_rule(rng, profiles, segments=SEGMENTS) for _ in range(TREES // CROWDS)], saved


def parsed(data: Json, profiles: Profiles, saved: Sequence[Json]) -> segments.Rule:
    return segments.parse(data, profiles.features, profiles.vocabularies, find=rules.finder(saved))


def wrong(seed: int, crowd: Crowd) -> Iterator[Json]:
    """The rules that do not match, or do not count, exactly those for whom their words hold."""
    profiles, rows = crowd
    as_kept = replace(profiles, columns={name: narrowed(profiles.column(name)) for name in profiles.columns})
    kept = Bitsets(room_bytes=20_000)
    drawn, saved = trees(seed, profiles)
    for data in drawn:
        rule = parsed(data, profiles, saved)
        expected = [rules.holds(data, row, saved) for row in rows]
        found = matching(rule, profiles), matching(rule, as_kept), bitset(rule, profiles, kept).mask()
        if any(each.tolist() != expected for each in found) or counts(rule, profiles)[0].matching != sum(expected):
            yield data


@pytest.mark.parametrize("seed", range(CROWDS))
def test_2000_random_rules_match_whom_their_words_mean(seed: int, crowds: Sequence[Crowd]) -> None:
    assert list(wrong(seed, crowds[seed])) == []


def test_2000_rules_are_tried_on_hundreds_of_members_each(crowds: list[Crowd]) -> None:
    assert sum(len(trees(seed, profiles)[0]) for seed, (profiles, _) in enumerate(crowds)) == TREES
    assert all(len(profiles) >= 200 for profiles, _ in crowds)


def test_two_in_five_rules_or_more_hold_for_some_members_and_not_for_others(crowds: list[Crowd]) -> None:
    told_apart = 0
    for seed, (profiles, _) in enumerate(crowds):
        drawn, saved = trees(seed, profiles)
        found = (bitset(parsed(data, profiles, saved), profiles).count for data in drawn)
        told_apart += sum(0 < count < len(profiles) for count in found)
    assert told_apart >= 0.4 * TREES


def asked(data: Json) -> Iterator[Json]:
    """The conditions of a rule, and the segments that it asks for."""
    parts = data.get("all") or data.get("any") or ([data["not"]] if "not" in data else [])
    yield from chain.from_iterable(map(asked, parts))
    if not parts:
        yield data


def test_the_rules_ask_for_everything_that_can_be_asked(crowds: list[Crowd]) -> None:
    features = crowds[0][0].features.values()
    drawn = [trees(seed, profiles)[0] for seed, (profiles, _) in enumerate(crowds)]
    leaves = list(chain.from_iterable(map(asked, chain.from_iterable(drawn))))
    told = {(leaf["feature"], leaf["is"]) for leaf in leaves if "feature" in leaf}
    assert {name for name, _ in told} == {feature.name for feature in features}
    assert {op for _, op in told} == {op for feature in features for op in allowed_ops(feature)}
    assert {leaf.get("bought") for leaf in leaves} == {None, "anything", "category", "brand", "product"}
    words = {"segment", "event", "bought", "times", "amount", "days", "channel", "store", "named", "all", "any"}
    assert words <= set(chain.from_iterable(leaves))


FLIPPED = {"at_least": "at_most", "at_most": "at_least", "known": "unknown", "unknown": "known", "between": "in"}


def misread(condition: Condition, kind: str) -> Condition:
    """The condition that an engine with one fault would look for in its place."""
    match condition, kind:
        case Bought(times=int(times)), "bought":
            return replace(condition, times=times + 1)
        case Happened(times=times), "event":
            return replace(condition, times=times + 1)
        case Bought() | Happened(), "days":
            return replace(condition, days=None)
        case Comparison(op=op), _ if op == kind:
            return replace(condition, op=FLIPPED[op])
    return condition


@pytest.mark.parametrize("kind", [*FLIPPED, "bought", "event", "days"])
def test_one_kind_of_condition_that_is_misread_is_caught(
    kind: str, crowds: list[Crowd], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    whole = engine.lookup

    def faulty(conditions: Sequence[Condition], profiles: Profiles) -> dict[Condition, segments.Bitset]:
        found = whole([misread(each, kind) for each in conditions], profiles)
        return {each: found[misread(each, kind)] for each in conditions}

    monkeypatch.setattr(engine, "lookup", faulty)
    assert any(wrong(0, crowds[0]))
