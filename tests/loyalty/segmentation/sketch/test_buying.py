import pytest

from loyalty.profiling import segments
from loyalty.refusal import Refused
from loyalty.segmentation import sketch
from loyalty.segmentation.sketch import Buying, buying
from tests.loyalty.segmentation.sketch.pages import MEMBERS, fields

POSTED = {
    "bought": "category",
    "was": "category",
    "named": ["Coffee"],
    "sought": "",
    "least": "3",
    "measure": "times",
    "days": "90",
    "channel": "store",
    "store": "North",
}
RULE = {"bought": "category", "named": ["Coffee"], "times": 3, "days": 90, "channel": "store", "store": "North"}


def read(**changed: str | list[str]) -> Buying:
    return buying.read(fields(**{**POSTED, **changed}), MEMBERS)


def test_the_page_gives_the_rule_that_is_kept():
    assert read().as_rule({}) == RULE


@pytest.mark.parametrize(
    "rule",
    [
        RULE,
        {"bought": "anything", "amount": 49.5},
        {"bought": "product", "named": ["p1", "p2"], "times": 1, "days": 30},
        {"bought": "brand", "named": ["Alma"], "amount": 20, "channel": "online"},
    ],
)
def test_a_saved_rule_comes_back_the_same(rule):
    assert buying.of_rule(rule, {}).as_rule({}) == rule


def test_a_fresh_condition_counts_once_a_name_is_chosen():
    part = Buying()
    assert part.is_blank
    part.name("Coffee")
    segments.parse(part.as_rule({}), {}, MEMBERS.vocabularies)


@pytest.mark.parametrize(
    ("typed", "named", "sought"),
    [("tea", ["Coffee", "Tea"], ""), ("beans", ["Coffee", "Coffee > Beans"], ""), ("be", ["Coffee"], "be")],
)
def test_a_whole_name_is_taken_and_the_beginning_of_one_waits(typed, named, sought):
    part = read(sought=typed)
    assert (part.named, part.sought) == (named, sought)


def test_a_name_that_is_chosen_already_is_not_chosen_twice():
    assert read(sought="coffee").named == ["Coffee"]


def test_names_mean_nothing_for_another_kind_of_goods():
    assert read(bought="brand").named == []


def test_anything_needs_no_name():
    part = read(bought="anything", sought="Coff")
    assert not part.is_blank
    assert part.as_rule({}) == {key: value for key, value in RULE.items() if key != "named"} | {"bought": "anything"}


def test_a_store_is_taken_by_its_name_in_any_case_and_else_kept_as_typed():
    assert (read(store="south").store, read(store="Sou").store) == ("South", "Sou")


def test_no_days_are_ever():
    assert "days" not in read(days="").as_rule({})


@pytest.mark.parametrize(("typed", "meant"), [("1,000", 1000), ("2.5", 2.5), ("soon", "soon")])
def test_what_is_no_number_is_left_for_the_parser_to_name(typed, meant):
    assert read(least=typed, measure="amount").as_rule({})["amount"] == meant


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (Buying(), "Choose a category, or remove it."),
        (Buying(named=["Tea"], sought="cofee"), "Choose what you mean by “cofee”, or remove it."),
    ],
)
def test_what_waits_for_a_name_cannot_be_kept(part, sentence):
    with pytest.raises(Refused, match=sentence):
        sketch.finished(sketch.Group("all", [part]), {})


@pytest.mark.parametrize(
    ("wanted", "named", "store"),
    [
        ("name:0.0:Coffee > Beans", ["Tea", "Coffee > Beans"], ""),
        ("name:0.0:a:b", ["Tea", "a:b"], ""),
        ("drop:0.0:Tea", [], ""),
        ("store:0.0:North", ["Tea"], "North"),
        ("name:0:Coffee", ["Tea"], ""),
    ],
)
def test_a_button_changes_the_words_it_stands_beside(wanted, named, store):
    tree = sketch.Group("all", [Buying(named=["Tea"])])
    sketch.change(tree, wanted, MEMBERS)
    assert (tree.parts[0].named, tree.parts[0].store) == (named, store)


def test_naming_takes_the_place_of_what_was_typed():
    tree = sketch.Group("all", [Buying(sought="te")])
    assert sketch.change(tree, "name:0.0:Tea", MEMBERS) == "0.0"
    assert tree.parts[0].sought == ""
