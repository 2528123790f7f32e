from dataclasses import replace

import numpy as np
import pytest

from loyalty.profiling import dictionary
from loyalty.profiling.features import Lines, build
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling import naive
from tests.loyalty.profiling.worlds import AS_OF, TODAY, VOCABULARIES, World, lines, members, visits, world


def profiles(world: World) -> Profiles:
    return build(world.members, world.lines, as_of=AS_OF, vocabularies=VOCABULARIES, events=world.events)


@pytest.mark.parametrize("seed", range(150))
def test_every_feature_equals_its_slow_obvious_computation(seed: int) -> None:
    a_world = world(seed)
    built = profiles(a_world)
    for position, expected in enumerate(naive.rows(a_world)):
        row = built.row(position)
        assert row.keys() == expected.keys()
        assert [name for name in row if not naive.is_same(row[name], expected[name])] == []


def test_the_random_worlds_reach_every_stage_cell_and_channel_preference() -> None:
    seen = [row for seed in range(150) for row in naive.rows(world(seed))]
    for name in ("lifecycle", "rfm_cell", "channel_preference"):
        assert set(dictionary.FIXED[name].choices) <= {row[name] for row in seen}


def shuffled(some: Lines, seed: int) -> Lines:
    order = np.random.default_rng(seed).permutation(len(some))
    return Lines(*(column[order] for column in vars(some).values()))


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_lines_changes_no_byte(seed: int) -> None:
    a_world = world(seed, most_lines=400)
    again = profiles(replace(a_world, lines=shuffled(a_world.lines, seed)))
    for name, column in profiles(a_world).columns.items():
        assert column.tobytes() == again.columns[name].tobytes(), name


def test_a_line_of_the_day_itself_does_not_count() -> None:
    built = profiles(World(members(1, attributes={}), visits(0, 10)))
    assert built.value("recency_days", 0) == 10


def test_a_member_without_a_purchase_has_no_score_and_no_interval() -> None:
    row = profiles(World(members(2), visits(5))).row(1)
    assert row["baskets_365"] == 0
    assert row["spend_365"] == 0
    assert row["lifecycle"] == "never bought"
    unknown = {"recency_days", "interval_days", "average_basket", "recency_score", "rfm_cell", "top_category"}
    assert {row[name] for name in unknown} == {None}


def test_a_retailer_without_members_gets_empty_profiles() -> None:
    built = profiles(World(members(0), lines()))
    assert len(built) == 0
    assert "lifecycle" in built.columns


def test_a_retailer_without_departments_gets_no_affinity() -> None:
    built = build(members(1), visits(3, department=-1), as_of=AS_OF, vocabularies={"channel": ("store",)})
    assert not [name for name in built.columns if name.startswith("affinity:")]
    assert built.value("top_category", 0) is None


def test_every_column_is_described_for_marketer_and_member() -> None:
    for feature in profiles(world(1)).features.values():
        assert feature.label
        assert feature.source
        assert feature.purpose
        assert feature.sentence.count("{value}") == 1


def test_unknown_codes_of_an_attribute_stay_unknown() -> None:
    known = members(2, attributes={"pet": np.array([-1, 1]), "newsletter": np.array([-1, 0], dtype=np.int8)})
    built = profiles(World(known, lines()))
    assert [built.value("attr_pet", at) for at in (0, 1)] == [None, "dog"]
    assert [built.value("attr_newsletter", at) for at in (0, 1)] == [None, False]


def test_a_code_without_a_word_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="tier is 5, but there are 2 words"):
        profiles(World(members(1, tier=[5]), lines()))


def test_a_line_of_a_member_who_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="member 3, but there are 1 members"):
        profiles(World(members(1), lines({"member": 3})))


def test_money_keeps_its_cents() -> None:
    built = profiles(World(members(1), lines({"net_e4": 2_804_721_234_500})))
    assert built.value("spend_365", 0) == 280_472_123.45


def test_spend_is_of_the_last_365_days() -> None:
    assert profiles(World(members(1), visits(365, 366))).value("spend_365", 0) == 1


def test_todays_number_is_the_day_of_the_profiles() -> None:
    assert profiles(World(members(1, joined_day=[TODAY]), lines())).value("tenure_days", 0) == 0
