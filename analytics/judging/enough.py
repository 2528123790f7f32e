"""Whether there are members enough to conclude anything from a range, where a few of them buy much."""

import numpy as np

from analytics.body import Estimate, Few
from analytics.judging.study import Study
from analytics.measurement import tails
from analytics.metrics import Metric

# Among few members a range tells no loss or gain unless it would if it were so many times as wide, which misleads less
# than 2.5 times in 100; with a smaller share of the members that are needed, that misleads too.
TIMES_AS_WIDE = 2.0
LEAST_OF_NEEDED = 1 / 30


def is_told(each: Estimate, few: Few | None) -> bool:
    """Whether this tells a gain or a loss: its range lies on one side of 0, and stays there among few members too."""
    if few is None:
        return each.low > 0 or each.high < 0
    if few.members < LEAST_OF_NEEDED * few.needed:
        return False
    low, high = (each.value + TIMES_AS_WIDE * (end - each.value) for end in (each.low, each.high))
    return low > 0 or high < 0


def few(study: Study, metric: Metric, arm: str, versus: str) -> Few | None:
    """The smaller arm, where it is too small."""
    if not study.has(metric):
        return None
    counts = {name: study.of.members.count(name) for name in (arm, versus)}
    return _few(counts, study.skewness(metric))


def few_inside(study: Study, metric: Metric, inside: np.ndarray) -> Few | None:
    """The same among some of the members (n,), and by how skewed their own values are."""
    within = (inside & study.of.members.within(arm) for arm in (study.compared[0], study.reference))
    masks = dict(zip((study.compared[0], study.reference), within, strict=True))
    counts = {name: int(np.count_nonzero(mask)) for name, mask in masks.items()}
    return _few(counts, tails.skewness(study.left(metric.of)[np.logical_or(*masks.values())]))


def needed(study: Study, metric: Metric) -> int:
    """Members that the smaller arm needs, of the only arm there is to compare."""
    counts = [study.of.members.count(name) for name in (study.compared[0], study.reference)]
    return tails.members_needed(study.skewness(metric), *counts)


def _few(counts: dict[str, int], skewness: float) -> Few | None:
    smaller = min(counts, key=lambda name: counts[name])
    if not counts[smaller]:
        return None
    wanted = tails.members_needed(skewness, *counts.values())
    return Few(smaller, counts[smaller], wanted) if counts[smaller] < wanted else None
