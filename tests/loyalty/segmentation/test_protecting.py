import datetime as dt

import pytest

from loyalty import profiles, segmentation
from loyalty.models import Segment
from loyalty.refusal import Refused
from loyalty.segmentation import protecting
from tests import making

pytestmark = pytest.mark.django_db

SINGLING_OUT = "may not single out fewer than 50 members"


def religion(*words: str) -> dict:
    return {"feature": "attr_religion", "is": "in", "value": list(words)}


MANY = {"feature": "attr_pet", "is": "in", "value": ["cat"]}


@pytest.fixture(autouse=True)
def believers(settings, tmp_path):
    """One hundred of each of two religions, and three of another; half of all have a cat."""
    settings.DATA = tmp_path
    for number in range(203):
        told = "Rare" if number < 3 else f"Common {number % 2}"
        making.member(attributes={"religion": told, "pet": "cat" if number % 4 < 2 else "dog"})
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)


def save(rule: dict, segment: Segment | None = None, name: str = "Told") -> Segment:
    return segmentation.save(segment, name=name, rule=rule, by=None, at=making.NOON).segment


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [religion("Rare")]},
        {"not": {"all": [religion("Rare")]}},
        {"all": [religion("Common 0", "Common 1")]},
        {"any": [religion("Rare"), MANY]},
        {"all": [MANY, {"not": religion("Rare")}]},
        {"all": [MANY, {"any": [{"all": [religion("Rare")]}, religion("Common 0")]}]},
    ],
    ids=["alone", "everybody but", "all the others", "beside many", "many but", "deep inside"],
)
def test_a_few_are_not_singled_out_by_what_is_sensitive(rule):
    with pytest.raises(Refused, match=SINGLING_OUT):
        save(rule)
    assert not Segment.objects.exists()


def test_without_the_guard_they_would_be(monkeypatch):
    """The negative control of the test above."""
    monkeypatch.setattr(protecting, "FEWEST", 0)
    assert save({"all": [religion("Rare")]}).current().matching == 3


def test_a_rule_that_holds_for_nobody_tells_of_nobody():
    assert save({"all": [{"feature": "age", "is": "known"}]}).current().matching == 0


@pytest.mark.parametrize("words", [["Common 0"], ["Common 0", "Rare"]])
def test_many_may_be_chosen_by_it(words):
    assert save({"all": [religion(*words)]}).current().matching >= 100


def test_a_few_may_be_chosen_by_anything_else():
    few = {"feature": "attr_shoe_size", "is": "at_least", "value": 49}
    making.member(attributes={"shoe_size": 50})
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)
    assert save({"all": [few]}).current().matching == 1


def test_what_singles_them_out_is_said_in_words():
    with pytest.raises(Refused, match=r"Religion: sensitive, .* Widen or leave out: .*Rare"):
        save({"any": [{"all": [religion("Rare")]}, MANY]})


def test_a_segment_that_was_saved_before_can_still_be_renamed(monkeypatch):
    rule = {"all": [religion("Rare")]}
    with monkeypatch.context() as before:
        before.setattr(protecting, "FEWEST", 0)
        segment = save(rule)
    save(rule, segment, name="Renamed")
    assert Segment.objects.get().name == "Renamed"


def test_asking_for_such_a_segment_is_refused_as_its_rule_would_be(monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(protecting, "FEWEST", 0)
        segment = save({"all": [religion("Rare")]})
    with pytest.raises(Refused, match=SINGLING_OUT):
        save({"any": [{"segment": segment.pk}, MANY]}, name="Asks")
