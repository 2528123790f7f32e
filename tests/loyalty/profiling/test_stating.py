import datetime as dt

import numpy as np
import pytest

from loyalty.profiling import stating
from loyalty.profiling.stating import INGREDIENTS, LIKED, Told
from loyalty.profiling.table import Feature, Profiles
from loyalty.profiling.wording import member_sentence

IDS = np.array([3, 5, 8, 13])


def members(**columns) -> Profiles:
    """Four members; a column's words are given with it where it is a category."""
    features = {name: _feature(name) for name in columns}
    words = {name: ("36", "37") for name in columns if name.startswith("size:")}
    return Profiles(dt.date(2026, 1, 1), IDS, {n: np.array(c) for n, c in columns.items()}, words, features)


def _feature(name: str) -> Feature:
    return Feature(name, name, "", "ratio", source="test", purpose="test", sentence="{value}")


def told(topic: str, value: str, *ids: int) -> Told:
    return Told({(topic, value): np.array(ids)})


# -- what is eaten and drunk ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ingredient", INGREDIENTS)
def test_each_ingredient_is_kept_from_who_avoids_it_and_from_nobody_else(ingredient: str) -> None:
    avoids = told("diet", ingredient, 5).beside(members()).column("avoids")
    assert (avoids & stating.bits([ingredient]) != 0).tolist() == [False, True, False, False]


def test_who_eats_no_meat_eats_no_pork_and_not_the_other_way_round() -> None:
    meat, pork = (told("diet", name, 5).beside(members()).column("avoids")[1] for name in ("meat", "pork"))
    assert meat & stating.bits(["pork"])
    assert not pork & stating.bits(["meat"])


def test_an_ingredient_that_nobody_knows_has_no_bits() -> None:
    with pytest.raises(KeyError):
        stating.bits(["poison"])


def test_what_is_avoided_is_named() -> None:
    avoids = Told({("diet", name): np.array([5]) for name in ("pork", "alcohol")}).beside(members()).column("avoids")
    assert stating.in_words(avoids[1], ["pork", "alcohol", "nuts"]) == "pork or alcohol"
    assert stating.in_words(avoids[1], ["nuts"]) == ""
    assert stating.in_words(avoids[0], ["pork"]) == ""


def test_what_is_avoided_is_sensitive_and_for_keeping_away_alone() -> None:
    feature = told("diet", "pork", 5).beside(members()).features["avoids"]
    assert (feature.sensitive, feature.purpose) == (True, stating.KEEPING_AWAY)


# -- what is liked -------------------------------------------------------------------------------------------------


def test_a_liked_department_has_an_affinity_of_at_least_so_much() -> None:
    affinity = np.array([0.5, np.nan, 3.0, 0.5], dtype=np.float32)
    found = told("interest", "Tea", 3, 5, 8).beside(members(**{"affinity:Tea": affinity})).column("affinity:Tea")
    assert found.tolist() == [LIKED, LIKED, 3.0, 0.5]


def test_other_departments_and_the_profiles_themselves_stay_as_they_are() -> None:
    before = members(**{"affinity:Tea": [0.5] * 4, "affinity:Jam": [0.5] * 4})
    after = told("interest", "Tea", 3).beside(before)
    assert after.column("affinity:Jam").tolist() == before.column("affinity:Tea").tolist() == [0.5] * 4


def test_a_liked_department_without_an_affinity_changes_nothing() -> None:
    assert set(told("interest", "Tea", 3).beside(members()).columns) == {"avoids"}


# -- in place of what the snapshot knew ----------------------------------------------------------------------------


def test_what_was_taken_back_since_the_snapshot_counts_no_more() -> None:
    old = np.array([1, 1, -1, -1], dtype=np.int8)
    found = told("interest", "Tea", 8).beside(members(**{"interest:Tea": old, "sustainable_first": old}))
    assert found.column("interest:Tea").tolist() == [-1, -1, 1, -1]
    assert found.column("sustainable_first").tolist() == [-1] * 4


def test_a_size_is_a_code_of_its_words() -> None:
    found = told("size", "Shoes: 37", 3, 13).beside(members(**{"size:Shoes": [0, 0, -1, -1]}))
    assert found.column("size:Shoes").tolist() == [1, -1, -1, 1]


@pytest.mark.parametrize("rows", [[0], [1, 3], [0, 1, 2, 3], []])
def test_a_block_of_members_is_told_what_all_are(rows: list[int]) -> None:
    said = Told({("diet", "pork"): np.array([1, 3, 13, 99]), ("interest", "Tea"): np.array([4, 5, 12])})
    everyone = members(**{"affinity:Tea": [1.0, 1.0, 1.0, 1.0]})
    whole, part = said.beside(everyone), said.beside(everyone.take(np.array(rows, dtype=int)))
    for name in whole.columns:
        assert part.column(name).tolist() == whole.column(name)[rows].tolist()


@pytest.mark.parametrize(
    ("feature", "value", "sentence"),
    [
        (stating.interest("Tea"), True, "You told us you like Tea: yes."),
        (stating.size("Shoes"), "37", "You told us your size of Shoes: 37."),
        (stating.SUSTAINABLE_FIRST, True, "You told us that you want what is sustainable first: yes."),
    ],
)
def test_member_reads_that_they_told_us(feature: Feature, value: object, sentence: str) -> None:
    assert member_sentence(feature, value) == sentence
    assert stating.is_told(feature.name)
