from datetime import date

import numpy as np
import pytest

from loyalty.profiling.table import Feature, Profiles, code_type, day_number


def feature(name: str, kind: str) -> Feature:
    return Feature(name, name.title(), "", kind, "source", "purpose", "{value}")


@pytest.fixture
def profiles() -> Profiles:
    kinds = {"visits": "count", "affinity": "ratio", "spend": "money", "tier": "category", "pet": "flag"}
    return Profiles(
        as_of=date(2026, 3, 1),
        member_ids=np.array([3, 5, 9]),
        columns={
            "visits": np.array([4, np.nan, 0], dtype=np.float32),
            "affinity": np.array([0.1, 2.5, np.nan], dtype=np.float32),
            "spend": np.array([280_472.12, np.nan, -3.5]),
            "tier": np.array([1, -1, 0], dtype=np.int8),
            "pet": np.array([1, 0, -1], dtype=np.int8),
        },
        vocabularies={"tier": ("Silver", "Gold")},
        features={name: feature(name, kind) for name, kind in kinds.items()},
    )


def test_a_row_reads_in_plain_words_and_numbers(profiles: Profiles) -> None:
    assert profiles.row(0) == {"visits": 4, "affinity": 0.1, "spend": 280_472.12, "tier": "Gold", "pet": True}


def test_unknown_reads_as_none_in_every_kind(profiles: Profiles) -> None:
    assert profiles.row(1) == {"visits": None, "affinity": 2.5, "spend": None, "tier": None, "pet": False}
    assert profiles.value("pet", 2) is None


def test_a_member_is_found_by_id(profiles: Profiles) -> None:
    assert [profiles.position(member) for member in (3, 9, 4, 10)] == [0, 2, None, None]


def test_taking_by_mask_and_by_index_agree(profiles: Profiles) -> None:
    by_mask, by_index = profiles.take(np.array([True, False, True])), profiles.take(np.array([0, 2]))
    assert by_mask.member_ids.tolist() == by_index.member_ids.tolist() == [3, 9]
    assert by_mask.row(1) == by_index.row(1) == profiles.row(2)


def test_taking_out_of_order_is_refused(profiles: Profiles) -> None:
    with pytest.raises(ValueError, match="ascending"):
        profiles.take(np.array([2, 0]))


def test_a_column_of_another_length_is_refused(profiles: Profiles) -> None:
    with pytest.raises(ValueError, match="Column visits has shape"):
        Profiles(profiles.as_of, profiles.member_ids, {"visits": np.zeros(2)}, {}, profiles.features)


def test_a_column_nobody_described_is_refused(profiles: Profiles) -> None:
    with pytest.raises(ValueError, match="Column secret has no feature"):
        Profiles(profiles.as_of, profiles.member_ids, {"secret": np.zeros(3)}, {}, {})


def test_a_feature_that_is_not_there_is_named(profiles: Profiles) -> None:
    with pytest.raises(KeyError, match="no feature churn"):
        profiles.column("churn")


def test_days_count_from_1970() -> None:
    assert day_number(date(1970, 1, 2)) == 1
    assert day_number(date(2026, 3, 1)) == 20_513


@pytest.mark.parametrize(("words", "expected"), [(0, np.int8), (128, np.int8), (129, np.int16), (40_000, np.int32)])
def test_codes_take_the_smallest_type_that_holds_them(words: int, expected: type) -> None:
    assert code_type(tuple(map(str, range(words)))) == expected
