"""What of a rule rests on a feed that fell silent, and so counts as unknown."""

from loyalty.profiling.conditions import Condition, Rule, leaves
from loyalty.profiling.freshness import SAID
from loyalty.profiling.kinds import kind_of
from loyalty.profiling.table import Profiles


def outdated(rule: Rule, profiles: Profiles) -> dict[str, tuple[str, ...]]:
    """By the sentence that says since when and what to do: the fields that a rule looks at and that are stale."""
    found: dict[str, dict[str, None]] = {}
    for leaf in leaves(rule):
        for field, sentence in _of(leaf, profiles).items():
            found.setdefault(sentence, {})[field] = None
    return {sentence: tuple(fields) for sentence, fields in found.items()}


def _of(condition: Condition, profiles: Profiles) -> dict[str, str]:
    kind = kind_of(condition)
    asked = [profiles.features[name] for name in kind.features_of(condition)]
    stale = {feature.label: feature.stale for feature in asked if feature.stale}
    if profiles.history and (sentence := profiles.history.stale.get(kind.feed)):
        stale[SAID[kind.feed]] = sentence
    return stale
