"""The kinds of condition: for each, how it is read, looked up, explained and said. A new kind is declared here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.profiling import bought, comparison, happened, passing
from loyalty.profiling.conditions import Bought, Comparison, Condition, Happened
from loyalty.profiling.freshness import EVENTS, PURCHASES
from loyalty.profiling.operands import Nameable
from loyalty.profiling.past import buyers, occurrences
from loyalty.profiling.scanning import Mark
from loyalty.profiling.table import Feature, Profiles


@dataclass(frozen=True)
class ConditionKind:
    """What a kind of condition must be able to do.

    `key` and `other_keys` are those of its JSON; `parse` reads it or raises RuleError; `marks` says who meets it, or
    raises RuleError where these profiles do not hold what it asks for, and `holds` whether the member in a row does;
    `sentence(condition, profiles, position, holds=…)` says why a member passes or not; `words` says the condition as a
    phrase; `features_of` names the features it looks at, and `feed` what comes in from outside that it looks at itself;
    `subject` is the same for two versions of one condition.
    """

    key: str
    other_keys: frozenset[str]
    parse: Callable[[Mapping[str, object], Nameable], Condition]
    marks: Callable[[Any, Profiles], Mark]
    holds: Callable[[Any, Profiles, int], bool]
    sentence: Callable[..., str]
    words: Callable[[Any, Mapping[str, Feature]], str]
    features_of: Callable[[Any], tuple[str, ...]]
    subject: Callable[[Any], object]
    feed: str = ""


KINDS: Mapping[type[Condition], ConditionKind] = {
    Comparison: ConditionKind(
        key="feature",
        other_keys=frozenset({"is", "value"}),
        parse=comparison.parse,
        marks=passing.marks,
        holds=comparison.holds,
        sentence=comparison.sentence,
        words=comparison.words,
        features_of=comparison.features_of,
        subject=comparison.features_of,
    ),
    Bought: ConditionKind(
        key="bought",
        other_keys=frozenset({"named", "times", "amount", "days", "channel", "store"}),
        parse=bought.parse,
        marks=buyers.marks,
        holds=buyers.holds,
        sentence=buyers.sentence,
        words=bought.words,
        features_of=bought.features_of,
        subject=bought.subject,
        feed=PURCHASES,
    ),
    Happened: ConditionKind(
        key="event",
        other_keys=frozenset({"times", "days", "channel"}),
        parse=happened.parse,
        marks=occurrences.marks,
        holds=occurrences.holds,
        sentence=occurrences.sentence,
        words=happened.words,
        features_of=happened.features_of,
        subject=happened.subject,
        feed=EVENTS,
    ),
}


def kind_of(condition: Condition) -> ConditionKind:
    return KINDS[type(condition)]
