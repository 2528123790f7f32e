"""What was taken out of a sketch last, kept in the page until the next change, so that it can be put back."""

from collections.abc import Mapping

from django.core import signing

from loyalty import numerals
from loyalty.profiling.table import Feature
from loyalty.segmentation.sketch.reading import part_of_rule
from loyalty.segmentation.sketch.tree import Group, at


def kept(tree: Group, wanted: str, features: Mapping[str, Feature]) -> str:
    """The part that a `remove:PATH` is about to take out, with its place, as text that nobody can alter; or nothing."""
    verb, _, path = wanted.partition(":")
    part = at(tree, path)
    if verb != "remove" or part is None or part is tree or part.is_blank:
        return ""
    return signing.dumps([path, part.as_rule(features)], salt=__name__, compress=True)


def put_back(tree: Group, text: str, features: Mapping[str, Feature]) -> str:
    """Put that part where it was, and give its path; whatever else the text is changes nothing."""
    try:
        path, rule = signing.loads(text, salt=__name__)
    except signing.BadSignature:
        return ""
    above, _, last = path.rpartition(".")
    group, number = at(tree, above), numerals.whole(last)
    if number is None or not isinstance(group, Group):
        return ""
    group.parts.insert(number, part_of_rule(rule, features))
    return str(path)
