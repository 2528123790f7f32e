"""Nothing is concluded from a range that a few members decide."""

import re

import numpy as np
import pytest

from analytics import freezing
from analytics.judging import words
from tests.analytics import world
from tests.analytics.world import UNTIL
from tests.making import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(terms):
    """What is said of so many members of whom a tenth are held out and the treated buy for so much more; 1 in
    40 of all buys for so much that few such members decide."""

    def told(members, heavy, *, effect=3.0, things=1):
        small = world.made(terms, members=members, share_held_out=0.1)
        small.decide()
        lines = small.shopping(effect=effect)
        weight = np.where((np.searchsorted(small.ids, lines.member) % 40 == 0) & lines.inside, heavy, 1.0)
        many = np.where((weight > 1) & (lines.quantity > 0), things, lines.quantity)
        world.buy(lines.changed(net=np.round(lines.net * weight, 2), quantity=many))
        return freezing.freeze(small.run, as_of=UNTIL + DAY).told

    return told


@pytest.fixture(autouse=True)
def without_a_ceiling(monkeypatch):
    """Which would hold the few who buy much."""
    monkeypatch.setattr("analytics.gathering.limits", lambda *_, **__: {})


def test_a_gain_among_few_members_is_not_yet_known(told):
    body = told(600, 5.0)
    margin = body.of("margin")
    assert margin.headline.each.low > 0
    assert margin.few.arm == "held_out"
    assert body.verdict.word == "not_yet_known"
    assert f"{margin.few.members} members held out are too few" in body.verdict.sentence
    assert re.search(r"brought between €[\d,.]+ more and €[\d,.]+ more margin than", body.verdict.sentence)
    assert body.verdict.needed.times == pytest.approx(margin.few.needed / margin.few.members)


def test_a_gain_that_is_beyond_doubt_pays_among_few_members_too(told):
    body = told(600, 5.0, effect=20.0)
    assert body.of("margin").few is not None
    assert body.verdict.word == "pays"


def test_among_as_few_of_whom_nobody_weighs_so_heavily_it_pays(told):
    """The control of the test above."""
    body = told(600, 1.0)
    assert (body.of("margin").few, body.verdict.word) == (None, "pays")


@pytest.mark.parametrize(("things", "least", "most"), [(1, 58, 700), (200, 1_500, 5_000)])
def test_a_ratio_needs_more_members_too_where_a_few_decide_it(told, things, least, most):
    """Returns take things off, which makes even the usual ratio lopsided."""
    few = told(600, 1.1, things=things).of("items_per_basket").few
    assert few.members == 58
    assert least < few.needed < most


def test_the_check_and_the_verdict_go_by_the_same_members(told):
    body = told(600, 5.0)
    (check,) = [each for each in body.checks if each.name == "enough_members"]
    assert check.state == "look"
    assert f"about {body.of('margin').few.needed:,} are needed" in check.sentence


def test_an_arm_of_another_tool_is_named_as_that_tool_does():
    assert words.in_arm("B") == "in “B”"
