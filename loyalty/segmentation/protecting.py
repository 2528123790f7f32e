"""No segment tells of a handful of members what the law protects more than other details.

Whoever sees that a member is in a segment, or gets what is sent to it, learns what its rule says of them. So each part
of a rule that looks at something sensitive, as it stands alone, holds for nobody or for many, and leaves out nobody or
many: a condition that holds for three is not hidden by “or everybody who is Gold”, nor in “everybody but these three”.
A list of words is one part, since being in it tells of none of its words.

What this does not cover: two segments that are harmless alone and tell of the few who are in one of them only; what
the builder counts and explains while a rule is written, of which nothing is kept; a group that shrinks after it was
saved, or whose rule asks for a segment that changes later; and purchases or names of columns that give away what they
do not say.
"""

from collections.abc import Callable, Iterator

from loyalty.profiling import segments
from loyalty.profiling.conditions import branches, leaves
from loyalty.profiling.kinds import kind_of
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused

FEWEST = 50
MEANING = (
    "The law protects this more than other details. Use it only where members agreed to such a use; "
    f"no segment may single out fewer than {FEWEST} members by it."
)


def refuse_singling_out(
    rule: segments.Rule, members: Profiles, inside: Callable[[segments.Rule, Profiles], segments.Bitset]
) -> None:
    """Refused for a rule of which a sensitive part holds for, or leaves out, fewer than `FEWEST` members.

    `inside` finds who meets a rule.
    """
    for part in _parts(rule):
        labels = sensitive(part, members)
        if labels and _are_few(inside(part, members).count, len(members)):
            told = segments.in_words(part, members.features)
            raise Refused(
                f"{' and '.join(labels)}: sensitive, so it may not single out fewer than {FEWEST} members, "
                f"as a segment would tell it of each of them. Widen or leave out: {told}."
            )


def sensitive(rule: segments.Rule, members: Profiles) -> tuple[str, ...]:
    """The labels of the sensitive features that a rule looks at, also by way of other segments."""
    names = dict.fromkeys(name for leaf in leaves(rule) for name in kind_of(leaf).features_of(leaf))
    return tuple(members.features[name].label for name in names if members.features[name].sensitive)


def _are_few(matching: int, of: int) -> bool:
    return 0 < matching < FEWEST or (matching > 0 and 0 < of - matching < FEWEST)


def _parts(rule: segments.Rule) -> Iterator[segments.Rule]:
    """The smallest first, since it is they that say what to mend."""
    for _, part in branches(rule):
        yield from _parts(part)
    yield rule
