from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from loyalty.profiling import segments
from loyalty.profiling.features import build
from loyalty.profiling.table import Feature
from loyalty.segmentation import counting, sketch
from tests.loyalty.profiling import worlds

RECENT = sketch.Condition("recency_days", "at_most", ["30"])
OFTEN = sketch.Condition("baskets_365", "at_least", ["2"])
GOLD = sketch.Condition("tier", "in", ["Gold"])
WAITING = sketch.Condition("tier", "in")
WRONG = sketch.Condition("age", "at_least", ["old"])


@pytest.fixture(scope="module")
def members():
    world = worlds.world(5, most_members=40, most_lines=300)
    return build(world.members, world.lines, as_of=date(2026, 3, 1), vocabularies=worlds.VOCABULARIES)


def slowly(group, members):
    """How many the rule holds for, by the way that segments are counted."""
    rule = segments.parse(group.as_rule(members.features), members.features, members.vocabularies)
    return int(segments.matching(rule, members).sum())


@pytest.mark.parametrize("match", ["all", "any", "none"])
def test_a_group_holds_for_as_many_as_its_rule(members, match):
    tree = sketch.Group(match, [RECENT, sketch.Group("none", [OFTEN, GOLD]), WAITING])
    assert counting.counted(tree, members).matching == slowly(tree, members)


@pytest.mark.parametrize("match", ["all", "any", "none"])
def test_what_a_condition_costs_is_the_count_without_it(members, match):
    parts = [RECENT, OFTEN, sketch.Group("any", [GOLD])]
    found = [part.others for part in counting.counted(sketch.Group(match, parts), members).parts]
    assert found == [slowly(sketch.Group(match, parts[:at] + parts[at + 1 :]), members) for at in range(3)]


def test_the_only_condition_costs_nothing_that_is_worth_saying(members):
    assert counting.counted(sketch.Group("all", [RECENT, WAITING]), members).parts[0].others is None


def test_a_sketch_without_conditions_is_everybody(members):
    assert counting.counted(sketch.Group(), members).matching == len(members)


def test_a_condition_that_cannot_be_read_says_why_and_stops_the_counts_around_it(members):
    root = counting.counted(sketch.Group("all", [RECENT, sketch.Group("any", [WRONG])]), members)
    inner = root.parts[1]
    assert "needs a number" in inner.parts[0].problem
    assert (root.matching, inner.matching, inner.problem) == (None, None, "")


def test_the_other_conditions_are_counted_all_the_same(members):
    root = counting.counted(sketch.Group("all", [RECENT, WRONG]), members)
    assert root.parts[0].matching == slowly(sketch.Group("all", [RECENT]), members)


def test_a_condition_without_a_word_says_nothing_and_is_no_problem(members):
    waiting = counting.counted(sketch.Group("all", [WAITING]), members).parts[0]
    assert (waiting.matching, waiting.problem) == (None, "")


@pytest.mark.parametrize(("match", "joint"), [("all", "and"), ("any", "or"), ("none", "nor")])
def test_parts_are_tied_by_how_they_combine(members, match, joint):
    root = counting.counted(sketch.Group(match, [RECENT, OFTEN, GOLD]), members)
    assert [part.joint for part in root.parts] == ["", joint, joint]


def test_every_part_is_found_by_a_path_that_can_be_an_id(members):
    root = counting.counted(sketch.Group("all", [sketch.Group("any", [RECENT, OFTEN]), GOLD]), members)
    assert [node.id for node in counting.below(root)] == ["0-0", "0-0-0", "0-0-1", "0-1"]


def test_numbers_are_compared_and_words_are_picked(members):
    root = counting.counted(sketch.Group("all", [RECENT, GOLD]), members)
    assert [[op for op, _ in part.ops] for part in root.parts] == [
        ["at_least", "at_most", "between", "equals", "known", "unknown"],
        ["in", "known", "unknown"],
    ]


@pytest.mark.parametrize(
    ("part", "asked"),
    [
        (GOLD, "words"),
        (sketch.Condition("tier", "equals", ["Gold"]), "word"),
        (sketch.Condition("tier", "known"), ""),
        (RECENT, "number"),
        (sketch.Condition("gone", "equals", ["1"]), ""),
        (sketch.Doing(), ""),
    ],
)
def test_a_comparison_asks_for_what_completes_it(members, part, asked):
    assert counting.counted(sketch.Group("all", [part]), members).parts[0].asks_for == asked


def test_yes_and_no_are_the_words_of_what_is_either(members):
    pet = Feature("pet", "Has a pet", "", "flag", "", "", "")
    known = replace(members, features={"pet": pet}, columns={"pet": np.ones(len(members), dtype=np.int8)})
    part = counting.counted(sketch.Group("all", [sketch.Condition("pet", "equals", ["yes"])]), known).parts[0]
    assert (part.asks_for, part.word_choices) == ("word", [("yes", "yes"), ("no", "no")])


def test_a_saved_comparison_that_the_page_does_not_offer_can_still_be_seen(members):
    exact = sketch.Condition("tier", "equals", ["Gold"])
    assert "equals" in dict(counting.counted(sketch.Group("all", [exact]), members).parts[0].ops)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (WAITING, "Choose one or more."),
        (sketch.Belonging(), "Choose a segment."),
        (sketch.Doing(), "Choose what they did."),
        (sketch.Buying(), "Choose one or more."),
        (sketch.Buying(sought="coff"), ""),
    ],
)
def test_what_counts_nothing_yet_says_what_to_do(members, part, sentence):
    waiting = counting.counted(sketch.Group("all", [part]), members).parts[0]
    assert (waiting.inside, waiting.waits_for) == (None, sentence)
