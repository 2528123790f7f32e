"""The kinds of condition: for each, how it is read, looked up, explained and said. A new kind is declared here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loyalty.profiling import bought, comparison, happened
from loyalty.profiling.bitset import Bitset
from loyalty.profiling.conditions import Bought, Comparison, Condition, Happened
from loyalty.profiling.freshness import EVENTS, PURCHASES
from loyalty.profiling.operands import Nameable
from loyalty.profiling.past import buyers, occurrences
from loyalty.profiling.table import Feature, Profiles


@dataclass(frozen=True)
class ConditionKind:
    """What a kind of condition must be able to do.

    `key` and `other_keys` are those of its JSON; `parse` reads it or raises RuleError; `find` gives the members who
    meet each of some conditions, looked up together, and `holds` whether the one in a row does;
    `sentence(condition, profiles, position, holds=…)` says why a member passes or not; `words` says the condition as a
    phrase; `features_of` names the features it looks at, and `feed` what comes in from outside that it looks at itself;
    `subject` is the same for two versions of one condition.
    """

    key: str
    other_keys: frozenset[str]
    parse: Callable[[Mapping[str, object], Nameable], Condition]
    find: Callable[[Sequence[Any], Profiles], list[Bitset]]
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
        find=comparison.find,
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
        find=buyers.find,
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
        find=occurrences.find,
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
