import pytest

from loyalty.refusal import Refused
from loyalty.segmentation import sketch
from loyalty.segmentation.sketch import Doing, doing
from tests.loyalty.segmentation.sketch.pages import MEMBERS, fields


def test_the_page_gives_the_rule_that_is_kept():
    posted = {"event": "click", "least": "2", "days": "30", "channel": "email"}
    rule = {"event": "click", "times": 2, "days": 30, "channel": "email"}
    assert doing.read(fields(**posted), MEMBERS).as_rule({}) == rule


@pytest.mark.parametrize("rule", [{"event": "open", "times": 1}, {"event": "open", "times": 4, "days": 7}])
def test_a_saved_rule_comes_back_the_same(rule):
    assert doing.of_rule(rule, {}).as_rule({}) == rule


def test_what_they_did_has_to_be_chosen():
    with pytest.raises(Refused, match="Choose what they did, or remove it"):
        sketch.finished(sketch.Group("all", [Doing()]), {})


@pytest.mark.parametrize(("wanted", "kind"), [("bought:0", sketch.Buying), ("event:0", Doing)])
def test_a_condition_is_added_by_what_it_is_about(wanted, kind):
    tree = sketch.Group()
    assert sketch.change(tree, wanted, MEMBERS) == "0.0"
    assert isinstance(tree.parts[0], kind)
