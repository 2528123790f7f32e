"""What the choices of a block's members come to."""

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.choices import Choices, carriers, channels_of
from campaigns.assignment.limits import Limits, taken, whole_millionths
from campaigns.assignment.pairs import Block
from campaigns.assignment.rows import Rules


def summed(
    block: Block, found: Choices, rules: Rules, loops: ModuleType | None, *, unit: float = 1.0
) -> tuple[Limits, int, int]:
    """What those who are sure take from the limits and what that is worth, and what everybody keeps after charges.

    Sums of values are in whole units, of which each worth is rounded down and what each keeps is rounded up.
    """
    if loops is None:
        return _by_numpy(block, found, rules, unit)
    k, channels = block.value.shape[1], channels_of(block, rules)
    count, money, carried = np.zeros(k), np.zeros(k), np.zeros((2, channels))
    offered = found.offer, found.worth, found.gained, found.sure
    use = np.ascontiguousarray(block.use)
    value, kept = loops.tally(use, carriers(block, rules), *offered, unit, count, money, carried)
    contacts, total = float(count.sum()), float(money.sum())
    return Limits(count, money, contacts, total, count, carried[0], carried[1]), value, kept


def _by_numpy(block: Block, found: Choices, rules: Rules, unit: float) -> tuple[Limits, int, int]:
    some, places = np.nonzero((found.offer >= 0) & found.sure[:, None])
    offers = found.offer[some, places]
    channels = None if block.channel is None else np.maximum(block.channel[some, offers], 0)
    by_those = taken(offers, whole_millionths(block.use[some, offers]), channels, rules.limits)
    return by_those, _in_units(found.worth[found.sure], unit, np.floor), _in_units(found.gained, unit, np.ceil)


def _in_units(numbers: NDArray[np.floating], unit: float, rounded: np.ufunc) -> int:
    """Their sum, each in whole units."""
    return int(rounded(numbers.astype(np.float64) / unit).astype(np.int64).sum())
