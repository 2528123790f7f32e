import tracemalloc
from datetime import timedelta

import numpy as np
import pytest

from loyalty.profiling import freshness, segments, snapshot
from loyalty.profiling.features import Events, build
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling.worlds import AS_OF, TODAY, VOCABULARIES, members, visits

LONGEST = freshness.LONGEST_DAYS[freshness.PURCHASES]


def profiles(*ages: int, event_age: int | None = None) -> Profiles:
    """Two members of whom the first bought so many days ago, and opened a message so many days ago."""
    events = [Events(*np.array([[0], [TODAY - event_age], [0]]))] if event_age else []
    known = members(2, tier=[0, 1])
    return build(known, visits(*ages), as_of=AS_OF, vocabularies=VOCABULARIES, events=events)


def values(name: str, *ages: int, on_day: int = 0, event_age: int | None = None) -> list[object]:
    told = freshness.relied_on(profiles(*ages, event_age=event_age), on=AS_OF + timedelta(days=on_day))
    return [told.value(name, position) for position in (0, 1)]


def test_what_is_fresh_is_left_as_it_is() -> None:
    assert values("recency_days", LONGEST, 300) == [LONGEST, None]
    assert values("baskets_365", LONGEST, 300) == [2, 0]


def test_what_rests_on_a_feed_that_fell_silent_is_unknown_of_everybody() -> None:
    assert values("baskets_365", LONGEST + 1, 300) == [None, None]
    assert values("lifecycle", LONGEST + 1, 300) == [None, None]


def test_the_record_does_not_age() -> None:
    assert values("tier", 300) == ["Silver", "Gold"]


@pytest.mark.parametrize(("on_day", "expected"), [(0, [1, 0]), (LONGEST - 1, [1, 0]), (LONGEST, [None, None])])
def test_the_same_profiles_become_stale_as_days_go_by(on_day: int, expected: list[object]) -> None:
    assert values("baskets_365", 1, on_day=on_day) == expected


def test_events_and_purchases_are_late_each_for_themselves() -> None:
    assert values("opens_30", 20, event_age=3) == [1, 0]
    assert values("baskets_30", 20, event_age=3) == [None, None]
    assert values("opens_30", 3, event_age=20) == [None, None]
    assert values("baskets_30", 3, event_age=20) == [1, 0]


def test_a_feed_that_never_told_anything_is_not_late() -> None:
    assert values("baskets_365") == [0, 0]
    assert values("opens_30", 1) == [0, 0]


def test_a_stale_feature_says_so_with_its_day_and_what_to_do() -> None:
    stale = freshness.relied_on(profiles(20), on=AS_OF).features["spend_365"].stale
    assert stale.startswith(
        "The newest purchases are of 9 February 2026, and what rests on purchases counts as unknown"
    )
    assert stale.endswith("Load newer purchases, then build new profiles.")
    assert freshness.relied_on(profiles(2), on=AS_OF).features["spend_365"].stale == ""


def test_a_segment_takes_a_stale_feature_for_missing() -> None:
    def chosen(age: int) -> int:
        told = freshness.relied_on(profiles(age), on=AS_OF)
        rule = segments.parse({"feature": "baskets_365", "is": "at_most", "value": 9}, told.features, told.vocabularies)
        return segments.bitset(rule, told).count

    assert (chosen(LONGEST), chosen(LONGEST + 1)) == (2, 0)


def test_what_was_seen_last_is_written_down_with_the_profiles(tmp_path) -> None:  # type: ignore[no-untyped-def]
    snapshot.write(profiles(4, 90, event_age=2), tmp_path / "one")
    opened = snapshot.open_snapshot(tmp_path / "one")
    expected = {"purchases": AS_OF - timedelta(days=4), "events": AS_OF - timedelta(days=2)}
    assert opened.newest == expected
    assert {opened.features[name].feed for name in ("recency_days", "opens_90", "age")} == {"purchases", "events", ""}


def test_where_the_profiles_are_old_it_says_to_build_new_ones() -> None:
    old = freshness.relied_on(profiles(2), on=AS_OF + timedelta(days=LONGEST)).features["spend_365"].stale
    assert old.endswith("Load newer purchases if there are any, and build new profiles.")


def test_on_days_on_which_nothing_is_stale_they_are_the_same_profiles() -> None:
    known = profiles(2)
    assert freshness.relied_on(known, on=AS_OF + timedelta(days=1)) is known


def test_on_days_on_which_the_same_is_stale_the_same_is_said() -> None:
    known = profiles(2, event_age=4)
    late = [freshness.late(known, on=AS_OF + timedelta(days=days)) for days in (4, 5, 6, 7)]
    assert late[0] == late[1] != late[2] == late[3]


def test_what_is_unknown_of_everybody_takes_no_memory() -> None:
    everybody = members(20_000, tier=np.zeros(20_000))
    known = build(everybody, visits(300), as_of=AS_OF, vocabularies=VOCABULARIES)
    tracemalloc.start()
    told = freshness.relied_on(known, on=AS_OF)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(bool(feature.stale) for feature in told.features.values()) > 40
    assert kept < 20_000 * 8  # as one column of numbers
