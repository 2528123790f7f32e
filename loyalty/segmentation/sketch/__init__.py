"""A segment rule while it is edited: a tree of groups and conditions that stays whole between two keystrokes.

The page holds the tree as form fields named by path (`0.1:feature`, `0.1:is`, `0.1:value`, …); `read` makes the tree of
them, `of_rule` makes it of a saved rule, and `as_rule` gives the JSON that `loyalty.profiling.segments` parses.
"""

from loyalty.segmentation.sketch.belonging import Belonging
from loyalty.segmentation.sketch.buying import Buying
from loyalty.segmentation.sketch.comparing import COMPARED, Condition, fresh
from loyalty.segmentation.sketch.doing import Doing
from loyalty.segmentation.sketch.editing import change, finished
from loyalty.segmentation.sketch.reading import of_rule, read
from loyalty.segmentation.sketch.tree import MATCHES, ROOT, Group, Part, at, paths

__all__ = [
    "COMPARED",
    "MATCHES",
    "ROOT",
    "Belonging",
    "Buying",
    "Condition",
    "Doing",
    "Group",
    "Part",
    "at",
    "change",
    "finished",
    "fresh",
    "of_rule",
    "paths",
    "read",
]
