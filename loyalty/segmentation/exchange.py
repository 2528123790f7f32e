"""A segment's rule as a file: written for another shop or an archive, and read back."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from loyalty.models import Segment, SegmentVersion
from loyalty.refusal import Refused

FORMAT = "liftwell segment"
MOST_BYTES = 200_000


def written(version: SegmentVersion, *, sensitive: Sequence[str] = ()) -> dict[str, Any]:
    """The rule with its name, as JSON; other segments are named, since numbers mean nothing elsewhere.

    `sensitive` are the labels of what it looks at that the law protects, so that whoever gets the file knows.
    """
    names = {segment.pk: segment.name for segment in Segment.objects.all()}
    return {
        "format": FORMAT,
        "name": version.segment.name,
        "version": version.number,
        **({"sensitive": list(sensitive)} if sensitive else {}),
        "rule": _translated(version.rule, lambda called: names.get(called, str(called))),
    }


def read(text: str | bytes) -> tuple[str, Any]:
    """The name and the rule in such a file, or in a bare rule; Refused with what is wrong with it.

    Whether the rule's features and words are known here is for `segmentation.parsed` to say.
    """
    if len(text) > MOST_BYTES:
        raise Refused(f"A rule takes at most {MOST_BYTES:,} bytes of JSON: this is something else.")
    numbers = {segment.name: segment.pk for segment in Segment.objects.all()}
    try:
        found = json.loads(text)
        name, rule = (found.get("name", ""), found["rule"]) if _is_file(found) else ("", found)
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair is no text, though it is JSON
        return str(name)[:120], _translated(rule, lambda called: _numbered(called, numbers))
    except json.JSONDecodeError as error:
        raise Refused(f"This is not JSON: line {error.lineno}, column {error.colno} cannot be read.") from None
    except ValueError:
        raise Refused("This cannot be read: bring the .json file that was downloaded from a segment.") from None
    except RecursionError:
        raise Refused("This rule is nested too deeply to be read: make it smaller.") from None


def _is_file(found: Any) -> bool:
    return isinstance(found, dict) and "rule" in found


def _numbered(called: int | str, numbers: Mapping[str, int]) -> int | str:
    """The number of a segment that is called by its name; a name that is not known here stays, and nothing has it."""
    if isinstance(called, int):
        raise Refused(f"A number such as {called} means another segment elsewhere: call the segment by its name.")
    return numbers.get(called, called)


def _translated(rule: Any, otherwise: Callable[[Any], Any]) -> Any:
    """The rule with each segment it asks for called otherwise."""
    match rule:
        case {"segment": called} if isinstance(called, int | str):
            return {**rule, "segment": otherwise(called)}
        case {"all": list(parts)}:
            return {**rule, "all": [_translated(part, otherwise) for part in parts]}
        case {"any": list(parts)}:
            return {**rule, "any": [_translated(part, otherwise) for part in parts]}
        case {"not": part}:
            return {**rule, "not": _translated(part, otherwise)}
    return rule
