import numpy as np
import pytest

from loyalty.profiling.conditions import All, AnyOf, Bought, Comparison, Happened, InSegment, Not, Rule
from loyalty.profiling.difference import Difference, differences
from loyalty.profiling.features import build
from loyalty.profiling.segments import parse
from loyalty.profiling.table import Feature
from tests.loyalty.profiling import rules
from tests.loyalty.profiling.worlds import AS_OF, VOCABULARIES, world

FEATURES = {
    "recency": Feature("recency", "Recency", "", "days", "", "", ""),
    "tier": Feature("tier", "Tier", "", "category", "", "", ""),
}
MONTH, QUARTER = (Comparison("recency", "at_most", days) for days in (30.0, 90.0))
GOLD, SILVER = (Comparison("tier", "equals", tier) for tier in ("Gold", "Silver"))
LAPSING = InSegment(3, "Lapsing", GOLD)
ADDED_GOLD = Difference("added", "", "Tier is Gold")
REMOVED_GOLD = Difference("removed", "Tier is Gold", "")
ALMA, OPENED = "Bought the brand Alma", "The event “open” at least 1 time"
LONGER = Difference("changed", "Recency is at most 30", "Recency is at most 90")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (All((MONTH,)), All((MONTH, GOLD)), [ADDED_GOLD]),
        (All((MONTH, GOLD)), All((MONTH,)), [REMOVED_GOLD]),
        (All((MONTH, GOLD)), All((GOLD, QUARTER)), [LONGER]),
        (MONTH, All((QUARTER,)), [LONGER]),
        (All((GOLD,)), All((GOLD, GOLD)), [ADDED_GOLD]),
        (All((GOLD, MONTH)), All((MONTH, GOLD)), []),
        (All((GOLD, MONTH)), AnyOf((GOLD, MONTH)), [Difference("changed", "all of these", "any of these")]),
        (
            AnyOf((GOLD,)),
            Not(AnyOf((GOLD, MONTH))),
            [
                Difference("changed", "any of these", "none of these"),
                Difference("added", "", "Recency is at most 30"),
            ],
        ),
        (
            All((GOLD, AnyOf((MONTH, SILVER)))),
            All((GOLD, AnyOf((QUARTER, SILVER)))),
            [Difference(LONGER.verb, LONGER.was, LONGER.now, "Recency is at most 90 or Tier is Silver")],
        ),
        (All(()), All((LAPSING,)), [Difference("added", "", "in the segment “Lapsing”")]),
        (All((LAPSING,)), All((InSegment(3, "Lapsing", SILVER),)), []),
        (
            All((Bought("brand", ("Alma",), times=2), Bought("anything", times=9))),
            All((Bought("brand", ("Alma",), times=3), Bought("brand", ("Bolt",), times=9))),
            [
                Difference("changed", f"{ALMA} in at least 2 baskets", f"{ALMA} in at least 3 baskets"),
                Difference("removed", "Bought anything in at least 9 baskets", ""),
                Difference("added", "", "Bought the brand Bolt in at least 9 baskets"),
            ],
        ),
        (
            All((Happened("open", 1),)),
            All((Happened("open", 1, 30),)),
            [Difference("changed", OPENED, f"{OPENED} in the last 30 days")],
        ),
    ],
)
def test_what_changed_is_said_condition_by_condition(old: Rule, new: Rule, expected: list[Difference]) -> None:
    assert list(differences(old, new, FEATURES)) == expected


@pytest.mark.parametrize("seed", range(20))
def test_nothing_changed_of_a_rule_that_is_the_same_and_something_of_another(seed: int) -> None:
    a_world = world(seed, most_members=20, most_lines=200)
    profiles = build(a_world.members, a_world.lines, as_of=AS_OF, vocabularies=VOCABULARIES)
    rng = np.random.default_rng(seed)
    drawn = [rules.random_rule(rng, profiles) for _ in range(8)]
    some = [parse({"all": [each]}, profiles.features, profiles.vocabularies) for each in drawn]
    for old in some:
        for new in some:
            assert (not differences(old, new, profiles.features)) == (old == new)
