import numpy as np
import pytest

from analytics.gathering.members import NOT_DECIDED_ON, members
from loyalty import identity
from tests import making
from tests.analytics.conftest import decide

pytestmark = pytest.mark.django_db


def test_members_come_by_id_with_their_arms(run):
    decide(run, [0, 0], held_out=True)
    decide(run, [0], held_out=False)
    found = members(run)
    assert np.all(np.diff(found.ids) > 0)
    assert [found.arms[code] for code in found.arm] == ["held_out", "held_out", "treated"]
    assert (found.count("held_out"), found.count("treated"), found.count("generic")) == (2, 1, 0)


def test_an_offer_that_was_withheld_is_the_members_offer_too(run):
    given, withheld, nothing = (making.member() for _ in range(3))
    offer = run.offers.get()
    making.decision(run, given, offer=offer, score=1.5)
    making.decision(run, withheld, held_out=True, withheld=offer, score=0.5)
    making.decision(run, nothing, held_out=True)
    found = members(run)
    assert found.offer.tolist() == [0, 0, -1]
    assert found.score[:2].tolist() == [1.5, 0.5]
    assert np.isnan(found.score[2])


def test_with_the_rest_everybody_else_is_in_an_arm_of_their_own(run):
    decide(run, [0], held_out=False)
    other = making.member()
    found = members(run, with_the_rest=True)
    assert found.arms == ("treated", NOT_DECIDED_ON)
    assert found.ids[found.within(NOT_DECIDED_ON)].tolist() == [other.pk]


def test_what_a_merged_member_did_counts_for_the_one_who_stands_for_it(run, mara):
    decide(run, [0, 0], held_out=False)
    first = run.decisions.order_by("member_id").first().member
    second = making.member()
    found = members(run)
    assert found.sums(np.array([second.pk]), np.array([5.0])).tolist() == [0, 0]
    identity.merge(first, second, by=mara, at=making.NOON, why="test")
    assert found.sums(np.array([second.pk, first.pk]), np.array([5.0, 1.0])).tolist() == [6, 0]
