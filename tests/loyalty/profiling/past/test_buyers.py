from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from loyalty.profiling import segments
from loyalty.profiling.conditions import Bought, Happened, RuleError
from loyalty.profiling.freshness import EVENTS, PURCHASES, declared, relied_on
from loyalty.profiling.segments import Bitsets, Rule, bitset, explain, matching
from loyalty.profiling.table import Feature, Profiles
from tests.loyalty.profiling import pasts
from tests.loyalty.profiling.worlds import AS_OF, TODAY

FEATURES = {
    "spend": declared(Feature("spend", "Spend", "EUR", "money", "", "", ""), PURCHASES),
    "opens": declared(Feature("opens", "Messages opened", "", "count", "", "", ""), EVENTS),
}
NOBODY_YET = Profiles(AS_OF, np.arange(4), {}, {}, FEATURES)
LINES = (
    {"product": 4, "store": 0, "net_e4": 125_000},
    {"product": 4, "store": 1, "day": TODAY - 40},
    {"product": 1, "channel": 1},
    {"product": 3, "member": 1, "net_e4": -5_000},
)
EVENTS_OF_ALL = ({"kind": 0}, {"kind": 0, "channel": 1}, {"kind": 1, "member": 2})
HOME, JAR = ("Home",), ("jar",)


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    past = pasts.Past(4, pasts.lines(*LINES), pasts.events(*EVENTS_OF_ALL))
    return NOBODY_YET.with_history(pasts.index(past, tmp_path))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            Bought("category", HOME, times=3, days=90, channel="store"),
            "Bought Home in 2 baskets in the last 90 days in store, of at least 3 asked.",
        ),
        (Bought("category", HOME, times=1, days=30), "Bought Home in 1 basket in the last 30 days, at least 1 asked."),
        (
            Bought("brand", ("Bolt",), times=1, store="West"),
            "Bought the brand Bolt in 0 baskets at West, of at least 1 asked.",
        ),
        (Bought("anything", amount_e4=145_000), "Bought anything for 14.5 EUR, at least 14.5 EUR asked."),
        (Bought("anything", amount_e4=145_001), "Bought anything for 14.5 EUR, of at least 14.5001 EUR asked."),
        (
            Bought("product", JAR, times=1, days=1, labels=("“Jar”",)),
            "Bought “Jar” in 1 basket on the day before, at least 1 asked.",
        ),
        (Happened("app_open", 3), "The event “app open” 2 times, of at least 3 asked."),
        (
            Happened("app_open", 1, 30, "email"),
            "The event “app open” 1 time in the last 30 days by email, at least 1 asked.",
        ),
    ],
)
def test_the_sentence_names_how_much_there_was(rule: Rule, sentence: str, profiles: Profiles) -> None:
    assert explain(rule, profiles, 0).sentence == sentence


def test_returns_alone_are_less_than_nothing(profiles: Profiles) -> None:
    told = explain(Bought("brand", ("Bolt",), amount_e4=10_000), profiles, 1)
    assert told.sentence == "Bought the brand Bolt for -0.5 EUR, of at least 1 EUR asked."


@pytest.mark.parametrize("rule", [Bought("anything", times=1), Happened("open", 1)])
@pytest.mark.parametrize("ask", [matching, lambda rule, profiles: explain(rule, profiles, 0)])
def test_profiles_without_a_past_refuse_a_question_about_it(rule: Rule, ask: Callable[..., object]) -> None:
    with pytest.raises(RuleError, match="build profiles again"):
        ask(rule, NOBODY_YET)


@pytest.mark.parametrize(
    ("feed", "rule", "sentence"),
    [
        (
            PURCHASES,
            Bought("anything", times=1),
            "What was bought is unknown, which never meets “Bought anything in at least 1 basket”.",
        ),
        (
            EVENTS,
            Happened("app_open", 1),
            "What happened is unknown, which never meets “The event “app open” at least 1 time”.",
        ),
    ],
)
def test_what_is_stale_is_unknown_and_meets_nothing(feed: str, rule: Rule, sentence: str, profiles: Profiles) -> None:
    fed = replace(profiles, newest={feed: AS_OF})
    fresh, stale = (relied_on(fed, on=AS_OF + timedelta(days=days)) for days in (7, 8))
    assert (matching(rule, fresh).any(), matching(rule, stale).any()) == (True, False)
    assert explain(rule, stale, 0) == segments.Explanation(holds=False, sentence=sentence)


def test_what_was_found_is_kept_like_any_other_condition(profiles: Profiles) -> None:
    kept, rule = Bitsets(room_bytes=10_000), Bought("anything", times=1)
    assert bitset(rule, profiles, kept) is bitset(replace(rule, labels=("said otherwise",)), profiles, kept)
