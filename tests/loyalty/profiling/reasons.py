"""Whether the reason given for a member is true: verdicts evaluated anew, words compared as they are written."""

import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from loyalty.profiling.explanation import MOST_REASONS, Explanation
from loyalty.profiling.table import Feature, Value
from tests.loyalty.profiling.pasts import CATALOGUE
from tests.loyalty.profiling.rules import Json, asked, holds

TESTS = {
    "is one of": lambda value, *wanted: value in wanted,
    "is at least": operator.ge,
    "is at most": operator.le,
    "is between": lambda value, low, high: low <= value <= high,
}
COMPARED = re.compile(r" is (?P<value>.+), which (?P<op>is (not )?(at least|at most|between|one of)) (?P<wanted>.+)\.")
NAME_OF = dict(zip(CATALOGUE.refs, CATALOGUE.names, strict=True))
DIFFERENT = re.compile(r" is (?P<value>.+), not “(?P<wanted>.+)”\.")


def is_true_as_written(sentence: str) -> bool:
    """Compare the numbers or words that the sentence itself names."""
    if told := DIFFERENT.search(sentence):
        return read(told["value"]) != read(told["wanted"])
    told = COMPARED.search(sentence)
    wanted = re.split(" and " if "between" in told["op"] else ", ", told["wanted"])
    outcome = TESTS[told["op"].replace("is not", "is")](read(told["value"]), *map(read, wanted))
    return outcome != told["op"].startswith("is not")


def read(text: str) -> Decimal | str:
    for unit in (" %", " money", " times average", " times as much"):
        text = text.removesuffix(unit)
    plain = text.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"-?[\d.]+", plain) else text


def says_what_is(sentence: str, leaf: Json, value: Value, *, met: bool) -> bool:
    """Whether a comparison's sentence is true of the value and states the verdict."""
    if value is None:
        return " is unknown" in sentence
    if leaf["is"] in ("known", "unknown"):
        return " is known: " in sentence
    wanted = leaf["value"] if isinstance(leaf["value"], list) else [leaf["value"]]
    if met and (leaf["is"] == "equals" or (leaf["is"] == "in" and len(wanted) == 1)):
        return " is " in sentence and ", not “" not in sentence and ", which " not in sentence
    denied = ", which is not" in sentence or ", not “" in sentence
    return is_true_as_written(sentence) and denied != met


COUNTED = re.compile(
    r"(in|for|”) (?P<found>-?[\d,.]+)( baskets?| times?| money)?(?P<when>.*), "
    r"(?P<of>of )?at least (?P<asked>\S+)( money)? asked\.$"
)


def says_how_much(sentence: str, leaf: Json, found: int) -> bool:
    """Whether a sentence about purchases or events names what was found and asked, where and when, and the verdict."""
    told = COUNTED.search(sentence)
    scale = 10_000 if "amount" in leaf else 1
    where = [str(leaf[name]) for name in ("channel", "store") if name in leaf]
    when = "on the day before" if leaf.get("days") == 1 else f"in the last {leaf.get('days')} days"
    return (
        (read(told["found"]) * scale, read(told["asked"]) * scale) == (found, asked(leaf))
        and (told["of"] is None) == (found >= asked(leaf))
        and all(word in told["when"] for word in where)
        and (when in told["when"]) == ("days" in leaf)
        and all(NAME_OF.get(name, name) in sentence for name in leaf.get("named", []))
    )


NAMED = re.compile(r" is (known: )?(?P<value>.+?)(, which is .+|, not “.+”)?\.$")
VERDICTS = {
    ("all", True): "All {total} conditions hold",
    ("all", False): "{deciding} of {total} conditions, all of which are needed, fail{s}",
    ("any", True): "{deciding} of {total} conditions, one of which is enough, hold{s}",
    ("any", False): "None of {total} conditions, one of which is needed, holds",
}


@dataclass(frozen=True)
class About:
    """One member: what is known of them, what the features are called, and the segments that rules may ask for."""

    row: Mapping[str, Any]
    features: Mapping[str, Feature]
    saved: Sequence[Json]

    def faults(self, rule: Json, told: Explanation) -> Iterator[str]:
        """What is not true in the explanation of a rule, and in those of its parts."""
        parts = self._parts(rule)
        if told.holds != holds(rule, self.row, self.saved):
            yield f"wrong verdict: {told}"
        is_leaf = not told.parts and not rule.keys() & {"all", "any"}
        if is_leaf and not self._is_true_of_leaf(rule, told):
            yield f"untrue: {told}"
        if not is_leaf and told.sentence != self._sentence(rule, parts, told):
            yield f"not what the parts say: {told}, but {self._sentence(rule, parts, told)}"
        for part, explained in zip(parts, told.parts, strict=True):
            yield from self.faults(part, explained)

    def _parts(self, rule: Json) -> Sequence[Json]:
        if "segment" in rule:
            return [self.saved[rule["segment"]]]
        return [rule["not"]] if "not" in rule else rule.get("all", rule.get("any", ()))

    def _is_true_of_leaf(self, leaf: Json, told: Explanation) -> bool:
        if "feature" not in leaf:
            return says_how_much(told.sentence, leaf, self.row["bought" if "bought" in leaf else "event"](leaf))
        feature, value = self.features[leaf["feature"]], self.row[leaf["feature"]]
        about = told.sentence.removeprefix(feature.label)
        met = holds(leaf, self.row)
        return (
            told.sentence.startswith(feature.label)
            and (value is None or names(about, value, feature))
            and says_what_is(about, leaf, value, met=met)
        )

    def _sentence(self, rule: Json, parts: Sequence[Json], told: Explanation) -> str:
        """What must be said of a group, from which of its parts hold and from what is said of those."""
        met = [holds(part, self.row, self.saved) for part in parts]
        whole = holds(rule, self.row, self.saved)
        if "segment" in rule:
            return f"{'In' if whole else 'Not in'} the segment “S{rule['segment']}”: {self._inner(told.parts[0])}."
        if "not" in rule:
            return (
                f"A condition that must not hold {'does not hold' if whole else 'holds'}: {self._inner(told.parts[0])}."
            )
        if not parts:
            return f"There is no condition{', so everybody is in' if whole else ' that anybody could meet'}."
        if len(parts) == 1:
            return told.parts[0].sentence
        deciding = [part for part, holding in zip(told.parts, met, strict=True) if holding == whole]
        verdict = VERDICTS["all" if "all" in rule else "any", whole].format(
            deciding=len(deciding), total=len(parts), s="s" if len(deciding) == 1 else ""
        )
        more = [f"and {len(deciding) - MOST_REASONS} more"] if len(deciding) > MOST_REASONS else []
        return f"{verdict}: {'; '.join([self._inner(part) for part in deciding[:MOST_REASONS]] + more)}."

    def _inner(self, part: Explanation) -> str:
        sentence = part.sentence.removesuffix(".")
        return f"({sentence})" if part.parts else sentence


def names(sentence: str, value: Value, feature: Feature) -> bool:
    """Whether the value that a sentence names is the member's, to the two digits that are always said."""
    said = read(NAMED.search(sentence)["value"])
    if isinstance(value, bool):
        return said == ("yes" if value else "no")
    if isinstance(value, str):
        return str(said) == value
    scale = 100 if feature.kind == "share" else 1
    return isinstance(said, Decimal) and abs(float(said) - value * scale) <= 0.005 + 1e-6 * abs(value)
