"""A sketch with its counts: how many members each condition and group of a rule holds for, and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from loyalty import segmentation, sketch
from loyalty.profiling import segments
from loyalty.profiling.conditions import allowed_ops
from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused

JOINTS = {"all": "and", "any": "or", "none": "nor"}


@dataclass(frozen=True, eq=False)
class Node:
    """A group or condition as the page shows it; `joint` ties it to the part before it.

    `mask` (n,) marks the members who meet it: None where it says nothing yet, or cannot be read for the reason in
    `problem`. `others` counts who would be in the segment without it, for parts of the outermost group.
    """

    path: str
    part: sketch.Condition | sketch.Group
    joint: str
    mask: np.ndarray | None
    problem: str = ""
    parts: tuple["Node", ...] = ()
    feature: Feature | None = None
    words: tuple[str, ...] = ()
    others: int | None = None

    @property
    def id(self) -> str:
        return self.path.replace(".", "-")

    @property
    def is_group(self) -> bool:
        return isinstance(self.part, sketch.Group)

    @property
    def matching(self) -> int | None:
        return None if self.mask is None else int(self.mask.sum())

    @property
    def share(self) -> float:
        return 0.0 if self.mask is None or not self.mask.size else float(self.mask.mean())

    @property
    def ops(self) -> list[tuple[str, str]]:
        """The comparisons to choose from: nobody types a list of numbers, and one word is a list of words too."""
        if self.feature is None or isinstance(self.part, sketch.Group):
            return []
        unwanted = "equals" if self.feature.kind == "category" else "in"
        return [(op, sketch.COMPARED[op]) for op in allowed_ops(self.feature) if op != unwanted or op == self.part.op]


def counted(tree: sketch.Group, members: Profiles) -> Node:
    """The whole tree with its counts."""
    return _group(tree, members, path=sketch.ROOT, joint="")


def below(node: Node) -> Iterator[Node]:
    """Every node inside this one, parents before their parts."""
    for part in node.parts:
        yield part
        yield from below(part)


def _node(part: sketch.Condition | sketch.Group, members: Profiles, *, path: str, joint: str) -> Node:
    if isinstance(part, sketch.Condition):
        return _condition(part, members, path=path, joint=joint)
    return _group(part, members, path=path, joint=joint)


def _condition(part: sketch.Condition, members: Profiles, *, path: str, joint: str) -> Node:
    told = Node(
        path=path,
        part=part,
        joint=joint,
        mask=None,
        feature=members.features.get(part.feature),
        words=members.vocabularies.get(part.feature, ()),
    )
    if part.is_blank:
        return told
    try:
        rule = segmentation.parsed(part.as_rule(members.features), members)
    except Refused as problem:
        return replace(told, problem=str(problem))
    return replace(told, mask=segments.matching(rule, members))


def _group(part: sketch.Group, members: Profiles, *, path: str, joint: str) -> Node:
    joints = ["", *[JOINTS[part.match]] * len(part.parts)]
    parts = [
        _node(each, members, path=f"{path}.{number}", joint=joints[number]) for number, each in enumerate(part.parts)
    ]
    told = Node(path=path, part=part, joint=joint, mask=None, parts=tuple(parts))
    masks = [each.mask for each in parts if each.mask is not None]
    if (part.is_blank and path != sketch.ROOT) or any(each.problem for each in below(told)):
        return told
    hits = np.sum(masks, axis=0) if masks else np.zeros(len(members), dtype=np.int64)
    if path == sketch.ROOT and len(masks) > 1:
        told = replace(told, parts=tuple(_with_others(each, part.match, hits, len(masks)) for each in parts))
    return replace(told, mask=_met(part.match, hits, len(masks)))


def _with_others(part: Node, match: str, hits: np.ndarray, parts: int) -> Node:
    if part.mask is None:
        return part
    return replace(part, others=int(_met(match, hits - part.mask, parts - 1).sum()))


def _met(match: str, hits: np.ndarray, parts: int) -> np.ndarray:
    """Members (n,) for whom enough of a group's parts hold."""
    met: np.ndarray = hits == (parts if match == "all" else 0)
    return ~met if match == "any" else met
