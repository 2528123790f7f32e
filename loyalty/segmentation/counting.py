"""A sketch with its counts: how many members each condition and group of a rule holds for, and what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from loyalty import segmentation
from loyalty.models import Segment
from loyalty.profiling.bitset import Bitset, counts_without
from loyalty.profiling.conditions import allowed_ops
from loyalty.profiling.outdated import outdated
from loyalty.profiling.parsing import Find
from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused
from loyalty.segmentation import sketch, words
from loyalty.segmentation.words import Word

JOINTS = {"all": "and", "any": "or", "none": "nor"}
WAITS_FOR = {"belonging": "Choose a segment.", "doing": "Choose what they did.", "group": ""}


@dataclass(frozen=True, eq=False)
class Node:
    """A group or condition as the page shows it; `joint` ties it to the part before it.

    `inside` are the members who meet it: None where it says nothing yet, or cannot be read for the reason in
    `problem`. `others` counts who would be in the segment without it, for parts of the outermost group; `outdated` are
    the fields it looks at, by why they count as unknown. Of purchases, `named` are the goods chosen, `meant` what may
    be meant by a name that is not one, and `stores` those for the store.
    """

    path: str
    part: sketch.Part
    joint: str
    inside: Bitset | None
    problem: str = ""
    parts: tuple["Node", ...] = ()
    feature: Feature | None = None
    words: tuple[str, ...] = ()
    others: int | None = None
    named: Sequence[Word] = ()
    meant: Sequence[Word] = ()
    stores: Sequence[Word] = ()
    outdated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        return self.path.replace(".", "-")

    @property
    def kind(self) -> str:
        return self.part.kind

    @property
    def matching(self) -> int | None:
        return None if self.inside is None else self.inside.count

    @property
    def sought(self) -> str:
        """What was typed to find goods, and is not one of them yet."""
        return self.part.sought if isinstance(self.part, sketch.Buying) else ""

    @property
    def waits_for(self) -> str:
        """What to do so that it says something; nothing where that is said elsewhere."""
        return "" if self.sought else WAITS_FOR.get(self.kind, "Choose one or more.")

    @property
    def asks_for(self) -> str:
        """What a comparison is completed by: some words, one word, a number (or two), or nothing."""
        if self.feature is None or not isinstance(self.part, sketch.Condition) or self.part.op in ("known", "unknown"):
            return ""
        if self.part.op == "in":
            return "words"
        return "word" if self.feature.kind in ("category", "flag") else "number"

    @property
    def unit(self) -> str:
        """What follows the number that is asked for."""
        if self.feature is None:
            return ""
        return "%" if self.feature.kind == "share" else self.feature.unit

    @property
    def word_choices(self) -> list[tuple[str, str]]:
        return [(word, word) for word in self.words]

    @property
    def ops(self) -> list[tuple[str, str]]:
        """The comparisons to choose from: nobody types a list of numbers, and one word is a list of words too."""
        if self.feature is None or not isinstance(self.part, sketch.Condition):
            return []
        unwanted = "equals" if self.feature.kind == "category" else "in"
        return [(op, sketch.COMPARED[op]) for op in allowed_ops(self.feature) if op != unwanted or op == self.part.op]


def counted(tree: sketch.Group, members: Profiles, *, of: Segment | None = None) -> Node:
    """The whole tree with its counts; `of` is the saved segment that is edited."""
    return _Counter(members, of, segmentation.in_force()).group(tree, path=sketch.ROOT, joint="")


def below(node: Node) -> Iterator[Node]:
    """Every node inside this one, parents before their parts."""
    for part in node.parts:
        yield part
        yield from below(part)


@dataclass(frozen=True)
class _Counter:
    """Counts the parts of one sketch."""

    members: Profiles
    of: Segment | None
    find: Find

    def node(self, part: sketch.Part, *, path: str, joint: str) -> Node:
        if isinstance(part, sketch.Group):
            return self.group(part, path=path, joint=joint)
        told = self._told(Node(path, part, joint, None))
        if part.is_blank:
            return told
        try:
            rule = segmentation.parsed(part.as_rule(self.members.features), self.members, of=self.of, find=self.find)
            late = outdated(rule, self.members)
            return replace(told, inside=segmentation.inside(rule, self.members), outdated=late)
        except Refused as problem:
            return replace(told, problem=str(problem))

    def group(self, part: sketch.Group, *, path: str, joint: str) -> Node:
        joints = ["", *[JOINTS[part.match]] * len(part.parts)]
        parts = [self.node(each, path=f"{path}.{at}", joint=joints[at]) for at, each in enumerate(part.parts)]
        told = Node(path, part, joint, None, parts=tuple(parts))
        if (part.is_blank and path != sketch.ROOT) or any(each.problem for each in below(told)):
            return told
        met = [each.inside for each in parts if each.inside is not None]
        if path == sketch.ROOT and len(met) > 1:
            told = replace(told, parts=_with_others(parts, part.match))
        return replace(told, inside=_combined(part.match, met, len(self.members)))

    def _told(self, node: Node) -> Node:
        """The node with what its part can be chosen from."""
        match node.part:
            case sketch.Condition(feature=name):
                feature = self.members.features.get(name)
                is_flag = feature is not None and feature.kind == "flag"
                known = ("yes", "no") if is_flag else self.members.vocabularies.get(name, ())
                return replace(node, feature=feature, words=known)
            case sketch.Buying() as part:
                return self._with_words(node, part)
        return node

    def _with_words(self, node: Node, part: sketch.Buying) -> Node:
        stores = words.book("store", self.members)
        if part.store and not stores.knows(part.store):
            node = replace(node, stores=stores.found(part.store))
        if part.goods not in words.KINDS:
            return node
        goods = words.book(part.goods, self.members)
        meant = goods.found(part.sought) if part.sought else ()
        return replace(node, named=goods.called(part.named), meant=meant)


def _combined(match: str, parts: Sequence[Bitset], members: int) -> Bitset:
    if match == "all":
        return Bitset.all_of(parts) if parts else Bitset.everybody(members)
    some = Bitset.any_of(parts) if parts else Bitset.nobody(members)
    return ~some if match == "none" else some


def _with_others(parts: Sequence[Node], match: str) -> tuple[Node, ...]:
    """The parts of a group, each with the count of the group without it."""
    met = [part.inside for part in parts if part.inside is not None]
    counts = iter(counts_without(met, every=match == "all"))
    size = met[0].size if match == "none" else 0
    return tuple(part if part.inside is None else replace(part, others=abs(size - next(counts))) for part in parts)
