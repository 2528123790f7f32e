import pytest

from loyalty.segmentation import sketch
from loyalty.segmentation.sketch import Belonging, Buying, Doing, Group, undoing
from tests.loyalty.segmentation.sketch.pages import MEMBERS


def tree() -> Group:
    return Group("all", [Buying(named=["Tea"]), Group("none", [Doing("click"), Belonging("3")]), Doing("open")])


@pytest.mark.parametrize("path", ["0.0", "0.1", "0.1.0", "0.2"])
def test_what_was_taken_out_is_put_back_where_it_was(path):
    now = tree()
    text = undoing.kept(now, f"remove:{path}", {})
    sketch.change(now, f"remove:{path}", MEMBERS)
    assert now != tree()
    assert undoing.put_back(now, text, {}) == path
    assert now == tree()


def test_what_was_changed_meanwhile_stays():
    now = tree()
    text = undoing.kept(now, "remove:0.0", {})
    sketch.change(now, "remove:0.0", MEMBERS)
    now.parts[-1].least = "7"
    undoing.put_back(now, text, {})
    assert now.parts[-1].least == "7"


@pytest.mark.parametrize("wanted", ["remove:0", "remove:0.9", "remove:0.3", "drop:0.0:Tea", "count", ""])
def test_what_takes_nothing_out_leaves_nothing_to_undo(wanted):
    now = tree()
    now.parts.append(Doing())
    assert undoing.kept(now, wanted, {}) == ""


@pytest.mark.parametrize("text", ["", "what", '["0.0", {}]'])
def test_a_text_of_somebody_else_changes_nothing(text):
    now = tree()
    assert undoing.put_back(now, text, {}) == ""
    assert now == tree()
