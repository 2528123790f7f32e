from datetime import date

import pytest
from django.http import QueryDict

from loyalty.profiling import segments
from loyalty.profiling.features import build
from loyalty.refusal import Refused
from loyalty.segmentation import sketch
from tests.loyalty.profiling import worlds

RULE = {
    "all": [
        {"feature": "recency_days", "is": "at_most", "value": 30.0},
        {"not": {"any": [{"feature": "lifecycle", "is": "in", "value": ["new", "lapsing"]}]}},
        {"any": [{"feature": "discount_share", "is": "between", "value": [0.1, 0.25]}]},
        {"feature": "age", "is": "unknown"},
    ]
}


@pytest.fixture(scope="module")
def members():
    world = worlds.world(3)
    return build(world.members, world.lines, as_of=date(2026, 3, 1), vocabularies=worlds.VOCABULARIES)


def as_posted(tree: sketch.Group) -> QueryDict:
    """What a browser sends for a tree: the names and values that the page's template writes."""
    posted = QueryDict(mutable=True)
    for path, node in sketch.paths(tree):
        if isinstance(node, sketch.Group):
            posted[f"{path}:match"] = node.match
            continue
        posted[f"{path}:feature"] = posted[f"{path}:was"] = node.feature
        posted[f"{path}:is"] = node.op
        posted.setlist(f"{path}:value", node.values)
    return posted


def test_a_saved_rule_comes_back_the_same_from_the_page(members):
    tree = sketch.of_rule(RULE, members.features)
    assert sketch.read(as_posted(tree), members).as_rule(members.features) == RULE


def test_a_rule_of_one_condition_is_shown_in_a_group(members):
    condition = RULE["all"][0]
    assert sketch.of_rule(condition, members.features).as_rule(members.features) == {"all": [condition]}


def test_a_share_is_typed_in_per_cent(members):
    tree = sketch.of_rule(RULE, members.features)
    assert tree.parts[2].parts[0].values == ["10", "25"]


def test_choosing_another_feature_starts_a_condition_afresh(members):
    posted = as_posted(sketch.of_rule(RULE, members.features))
    posted["0.0:feature"] = "lifecycle"
    changed = sketch.read(posted, members).parts[0]
    assert (changed.feature, changed.op) == ("lifecycle", "in")


def test_every_fresh_condition_counts_at_once(members):
    for name, feature in members.features.items():
        rule = sketch.Group("all", [sketch.fresh(name, members)]).as_rule(members.features)
        segments.parse(rule, members.features, members.vocabularies)
        assert rule == {"all": []} if feature.kind == "category" else rule["all"]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [("remove:0.0", 3), ("remove:0.1.0", 4), ("add:0:age", 5), ("add:0.1:age", 4), ("group:0", 5)],
)
def test_a_button_changes_the_part_it_stands_beside(members, wanted, left):
    tree = sketch.of_rule(RULE, members.features)
    sketch.change(tree, wanted, members)
    assert len(tree.parts) == left


@pytest.mark.parametrize(
    "wanted", ["", "remove:0", "remove:0.9", "remove:x", "add:0", "add:0:luck", "add:0.0:age", "add:7:age", "count"]
)
def test_a_button_that_the_page_does_not_have_changes_nothing(members, wanted):
    tree = sketch.of_rule(RULE, members.features)
    sketch.change(tree, wanted, members)
    assert tree == sketch.of_rule(RULE, members.features)


@pytest.mark.parametrize(
    ("wanted", "focus"), [("add:0.1:affinity:Bakery", "0.1.1"), ("group:0", "0.4"), ("remove:0.1.0", "0.1")]
)
def test_the_eye_is_led_to_what_was_added_or_to_the_group_around_what_is_gone(members, wanted, focus):
    assert sketch.change(sketch.of_rule(RULE, members.features), wanted, members) == focus


def test_what_waits_for_its_first_word_is_left_out_of_the_count(members):
    tree = sketch.Group("all", [sketch.fresh("tier", members), sketch.Group("any"), sketch.fresh("age", members)])
    assert [part["feature"] for part in tree.as_rule(members.features)["all"]] == ["age"]


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [(sketch.Condition("tier", "in"), "a value for Tier"), (sketch.Group("any"), "a condition")],
)
def test_what_waits_for_its_first_word_cannot_be_kept(members, waiting, sentence):
    with pytest.raises(Refused, match=sentence):
        sketch.finished(sketch.Group("all", [waiting]), members.features)


def test_a_rule_without_conditions_can_be_kept(members):
    assert sketch.finished(sketch.Group(), members.features) == {"all": []}


def test_a_condition_on_a_feature_that_is_gone_stays_until_it_is_removed(members):
    gone = {"all": [{"feature": "attr_gone", "is": "in", "value": ["red", "blue"]}]}
    tree = sketch.of_rule(gone, members.features)
    assert sketch.read(as_posted(tree), members).as_rule(members.features) == gone


def test_what_is_not_a_number_is_left_for_the_parser_to_name(members):
    tree = sketch.Group("all", [sketch.Condition("recency_days", "at_most", ["soon"])])
    with pytest.raises(segments.RuleError, match="Days since last purchase"):
        segments.parse(tree.as_rule(members.features), members.features, members.vocabularies)
