"""The kinds of condition: for each, how it is read, looked up, explained and said. A new kind is declared here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from loyalty.profiling import comparison
from loyalty.profiling.conditions import Comparison, Condition
from loyalty.profiling.operands import Known
from loyalty.profiling.scanning import Test
from loyalty.profiling.table import Feature, Profiles


@dataclass(frozen=True)
class ConditionKind:
    """What a kind of condition must be able to do.

    `key` and `other_keys` are those of its JSON; `parse` reads it or raises RuleError; `test` gives the scan that finds
    its members; `sentence(condition, profiles, position, holds=…)` says why a member passes or not; `words` says the
    condition as a phrase; `features_of` names the features it looks at.
    """

    key: str
    other_keys: frozenset[str]
    parse: Callable[[Mapping[str, object], Known], Condition]
    test: Callable[[Any, Profiles], Test]
    sentence: Callable[..., str]
    words: Callable[[Any, Mapping[str, Feature]], str]
    features_of: Callable[[Any], tuple[str, ...]]


KINDS: Mapping[type[Condition], ConditionKind] = {
    Comparison: ConditionKind(
        key="feature",
        other_keys=frozenset({"is", "value"}),
        parse=comparison.parse,
        test=comparison.test,
        sentence=comparison.sentence,
        words=comparison.words,
        features_of=comparison.features_of,
    ),
}


def kind_of(condition: Condition) -> ConditionKind:
    return KINDS[type(condition)]
