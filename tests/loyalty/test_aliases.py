import numpy as np
import pytest

from loyalty import aliases, identity, profiles
from loyalty.aliases import Survivors
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ids", "unless", "counted"),
    [
        ([1, 2, 3, 9, 2], None, [1, 1, 3, 7, 1]),
        ([2, 9], [2], [2, 7]),
        ([], None, []),
    ],
    ids=str,
)
def test_ids_are_replaced_by_those_who_stand_for_them(ids, unless, counted):
    unless = None if unless is None else np.array(unless)
    merged = Survivors(np.array([2, 9]), np.array([1, 7]))
    found = aliases.standing_for(np.array(ids, np.int64), merged, unless=unless)
    assert found.tolist() == counted


def test_nobody_merged_leaves_ids_as_they_are():
    assert aliases.standing_for(ids := np.array([3, 1]), aliases.survivors()) is ids


@pytest.fixture
def two(settings, tmp_path):
    settings.DATA = tmp_path
    kept, other = making.member(tier="gold"), making.member(tier="silver")
    for member, days in ((kept, 10), (other, 3), (other, 2)):
        making.purchase(member, at=NOON - days * DAY, net="10")
    return kept, other


def test_profile_of_one_person_counts_what_every_reference_bought(two):
    kept, other = two
    made = identity.merge(kept, other, by=None, at=NOON, why="test")
    together = profiles.opened(profiles.build(NOON.date(), at=NOON), on=NOON.date())
    assert together.member_ids.tolist() == [kept.pk]
    row = together.row(0)
    assert (row["spend_365"], row["baskets_365"], row["recency_days"], row["tier"]) == (30, 3, 2, "gold")
    identity.unmerge(made, by=None, at=NOON, why="test")
    apart = profiles.opened(profiles.build(NOON.date(), at=NOON), on=NOON.date())
    assert apart.column("spend_365").tolist() == [10, 20]
