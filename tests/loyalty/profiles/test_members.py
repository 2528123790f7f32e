import datetime as dt

import numpy as np
import pytest

from loyalty import aliases, copying, identity
from loyalty.files import columns
from loyalty.models import Member, Store
from loyalty.profiles import members
from loyalty.profiling import membership
from loyalty.profiling.table import day_number
from tests import making

pytestmark = pytest.mark.django_db

WORDS = ("Gold", "", "Grün – 1", "a\nb", "Silver")
POSTCODES = ("LS2 7EE", "  e1 6an", "10115", "", "7", "\u00a0sw1a", "ß1 2", "ＡＢ1", "L", " 1 0")
OWN = (
    {},
    {"vegan": True, "size": 42, "style": "plain", "mixed": 1},
    {"vegan": False, "size": 41.5, "style": "", "mixed": "1"},
    {"vegan": None, "size": None, "style": None, "mixed": True, "nothing": None},
    {"size": 2**53 + 1, "mixed": [1, {"a": "t"}], "%(rows)s {x}": 3},
    {"size": 0.1, "mixed": 1.50, "style": "tail", "ünï 'quoted' \"": "x"},
)


def read(**changed):
    asked = {"without": aliases.survivors(), "report": lambda _: None, **changed}
    return members.read(**asked)


@pytest.fixture
def many():
    rng = np.random.default_rng(3)
    stores = [Store.objects.create(ref=name, name=name, region=name[0]) for name in ("North 1", "North 2", "South")]
    stores.append(Store.objects.create(ref="same name", name="South", region=""))
    Member.objects.bulk_create(
        Member(
            ref=str(number),
            joined_on=[None, dt.date(2020, 1, 1) + dt.timedelta(days=number)][number % 2],
            birth_year=[None, 0, 1980][number % 3],
            tier=WORDS[rng.integers(len(WORDS))],
            postcode=POSTCODES[rng.integers(len(POSTCODES))],
            home_store=[None, *stores][rng.integers(5)],
            attributes=OWN[rng.integers(len(OWN))],
        )
        for number in range(60)
    )
    return list(Member.objects.select_related("home_store").order_by("pk"))


def said(codes, words):
    return [words[code] if code >= 0 else None for code in codes.tolist()]


@pytest.fixture
def found(many, monkeypatch):
    monkeypatch.setattr(members, "ROWS_PER_BLOCK", 7)
    monkeypatch.setattr(members, "ATTRIBUTES_AT_ONCE", 2)
    return read()


def test_members_come_in_the_order_of_their_ids(many, found):
    assert found[0].member_ids.tolist() == [member.pk for member in many]


def test_facts_are_those_of_each_member(many, found):
    read, words = found
    joined = [day_number(each.joined_on) if each.joined_on else -1 for each in many]
    assert read.joined_day.tolist() == joined
    assert read.birth_year.tolist() == [each.birth_year or -1 for each in many]
    assert said(read.tier, words["tier"]) == [each.tier or None for each in many]


def test_places_are_those_of_each_member(many, found):
    read, words = found
    home = [each.home_store for each in many]
    assert said(read.home_store, words["home_store"]) == [store.name if store else None for store in home]
    region = said(read.places["home_region"], words["home_region"])
    assert region == [(store.region or None) if store else None for store in home]
    areas = [membership.postcode_area(each.postcode) or None for each in many]
    assert said(read.places["postcode_area"], words["postcode_area"]) == areas


@pytest.mark.parametrize("name", sorted({name for own in OWN for name in own}))
def test_own_columns_are_typed_by_what_members_have(many, found, name):
    read, words = found
    column, told = read.attributes[name], [each.attributes.get(name) for each in many]
    if f"attr_{name}" in words:
        assert said(column, words[f"attr_{name}"]) == [None if value is None else str(value) for value in told]
    elif column.dtype == np.int8:
        assert column.tolist() == [-1 if value is None else int(value) for value in told]
    else:
        expected = np.array([np.nan if value is None else value for value in told], dtype=np.float64)
        np.testing.assert_array_equal(column, expected)


def test_words_are_in_order_and_each_is_there_once(found):
    assert all(list(words) == sorted(set(words)) for words in found[1].values())


def test_blocks_change_nothing(many, found):
    whole, words = read()
    assert words == found[1]
    assert [each.tobytes() for each in whole.attributes.values()] == [
        each.tobytes() for each in found[0].attributes.values()
    ]


def test_a_merged_member_is_left_out(many):
    identity.merge(many[0], many[1], by=None, at=making.NOON, why="test")
    read_again, _ = read()
    assert read_again.member_ids.tolist() == [member.pk for member in many if member != many[1]]
    assert len(read_again.attributes["size"]) == len(many) - 1


def test_a_member_who_came_while_columns_were_read_is_not_one_of_them(many, monkeypatch):
    """Whoever joins between two questions is in the next build."""
    ask = members._attributes

    def late():
        making.member(attributes={"size": 7})
        return ask()

    monkeypatch.setattr(members, "_attributes", late)
    read_again, _ = read()
    assert len(read_again.attributes["size"]) == len(many)
    assert 7 not in read_again.attributes["size"]


def test_nobody_is_no_rows_and_no_words():
    read_again, words = read()
    assert len(read_again) == 0
    assert not any(words.values())


@pytest.mark.parametrize("most", [3, 4])
def test_of_free_text_is_kept_only_who_has_any_and_it_is_said(monkeypatch, most):
    monkeypatch.setattr(members, "MOST_WORDS", most)
    monkeypatch.setattr(members, "OWN_TEXTS_PER_BLOCK", 2)
    for note in ("a", "b", "c", "d", None, "a"):
        making.member(attributes={"note": note, "size": 1} if note else {"size": 1})
    reported = []
    found, words = read(report=reported.append)
    told = said(found.attributes["note"], words["attr_note"])
    any_of_many = f"one of more than {most} values"
    assert told == ([any_of_many] * 4 + [None, any_of_many] if most == 3 else ["a", "b", "c", "d", None, "a"])
    assert [each for each in reported if "note has more than 3" in each] == reported[: most == 3]


def test_a_block_of_own_texts_at_their_longest_is_under_the_gigabyte_that_a_row_may_have():
    asked = {"": members.ID, **{str(each): members.SqlColumn(copying.TEXTS, "", is_own=True) for each in range(50)}}
    assert members._rows_per_block(asked) * 50 * 4 * columns.LONGEST_TEXT < 2**30
    assert members._rows_per_block(members.RECORD) == members.ROWS_PER_BLOCK
