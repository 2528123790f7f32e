"""Earlier decisions teach, later ones judge."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from campaigns.training.past import Past

# The latest periods judge: as many as make up so many decisions, and no more than a third of all.
ENOUGH_TO_JUDGE = 100_000
MOST_OF_PERIODS = 3


def split(past: Sequence[Past]) -> tuple[list[Past], list[Past]]:
    """The runs that teach and those that judge, which all began on a later day; none judge where all began on one."""
    periods = [list(runs) for _, runs in groupby(sorted(past, key=_day), key=_day)]
    first = _first_later(periods)
    earlier, later = periods[:first], periods[first:]
    return [run for runs in earlier for run in runs], [run for runs in later for run in runs]


def _first_later(periods: Sequence[Sequence[Past]]) -> int:
    decisions, first = 0, len(periods)
    while decisions < ENOUGH_TO_JUDGE and len(periods) - first < _most_later(len(periods)):
        first -= 1
        decisions += sum(len(run) for run in periods[first])
    return first


def _most_later(periods: int) -> int:
    return max(periods // MOST_OF_PERIODS, 1) if periods > 1 else 0


def _day(past: Past) -> dt.date:
    return past.day
