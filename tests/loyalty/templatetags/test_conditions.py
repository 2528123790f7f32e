from dataclasses import replace

import pytest

from loyalty.profiling.table import Feature
from loyalty.segmentation.choices import Choices
from loyalty.segmentation.counting import Node
from loyalty.segmentation.sketch import Condition
from loyalty.templatetags.conditions import feature_options, word_chips

SCRIPT = '"><script>'
ESCAPED = "&quot;&gt;&lt;script&gt;"
TIER = Feature("tier", "Tier", "", "category", "", "", "")
STORE = Node("0.1", Condition("store", "in", ["Hove"]), "", None, words=("Leeds", "Hove"))


def themed(*themes: tuple[str, list[Feature]]) -> Choices:
    return Choices(list(themes), goods=[], channels=[], has_stores=False, events=[], event_channels=[])


def test_features_stand_under_their_themes_and_the_chosen_one_is_selected() -> None:
    age = replace(TIER, name="age", label="Age", sensitive=True)
    assert feature_options(themed(("Membership", [TIER, age])), "tier") == (
        '<optgroup label="Membership"><option value="tier" selected>Tier</option>'
        '<option value="age">Age (sensitive)</option></optgroup>'
    )


def test_what_is_put_ahead_of_each_value_does_not_select_it() -> None:
    ahead = feature_options(themed(("Membership", [TIER])), before="add:0:")
    assert ahead == '<optgroup label="Membership"><option value="add:0:tier">Tier</option></optgroup>'


def test_a_list_that_was_marked_once_is_not_marked_the_next_time() -> None:
    choices = themed(("Membership", [TIER]))
    assert "selected" in feature_options(choices, "tier")
    assert "selected" not in feature_options(choices)


def test_a_label_that_reads_like_a_value_is_neither_marked_nor_changed() -> None:
    odd = replace(TIER, name="attr_odd", label='value="tier"')
    listed = feature_options(themed(("Own", [odd, TIER])), "tier", "add:0:")
    assert (listed.count("selected"), listed.count("add:0:")) == (1, 2)
    assert '<option value="add:0:tier" selected>Tier</option>' in listed


def test_a_retailers_own_words_are_escaped() -> None:
    hostile = replace(TIER, name=f"attr_{SCRIPT}", label=SCRIPT)
    chips = word_chips(replace(STORE, words=(SCRIPT,)))
    for written in (feature_options(themed((SCRIPT, [hostile])), hostile.name, SCRIPT), chips):
        assert SCRIPT not in written
        assert ESCAPED in written


def test_each_word_is_a_box_and_those_chosen_are_ticked() -> None:
    assert word_chips(STORE) == (
        '<label class="chip"><input type="checkbox" id="v0-1-1" name="0.1:value" value="Leeds"> Leeds</label>'
        '<label class="chip"><input type="checkbox" id="v0-1-2" name="0.1:value" value="Hove" checked> Hove</label>'
    )


@pytest.mark.parametrize(("focus", "boxes"), [("0.1", 1), ("0", 0), ("", 0)])
def test_the_cursor_goes_to_the_first_word_of_a_new_condition(focus: str, boxes: int) -> None:
    assert word_chips(STORE, focus).count("autofocus") == boxes
