"""Every metric over the outcome window, day by day, and over the time before it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.gathering import purchases
from analytics.gathering.members import Members
from analytics.gathering.purchases import Bought
from analytics.gathering.spent import Spent
from analytics.measurement import cells, tails
from analytics.measurement.moments import Paired
from analytics.metrics import BASKETS, ITEMS, MARGIN, PURCHASERS, SPEND

# Eight weeks tell more of what a member does anyway than two do.
LEAST_BEFORE = dt.timedelta(days=56)
Values = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class DaySums:
    """Net margin from the beginning up to the end of a day, with the time before, by arm."""

    day: dt.date
    until: dt.datetime
    arms: tuple[Paired, ...]


@dataclass(frozen=True, eq=False)
class Window:
    """What n members came to, by metric (n,); margin is net of what it cost, and lacking where lines have none.

    `missing` says why a metric is lacking. `days` are empty where there is no margin.
    """

    values: Values
    days: tuple[DaySums, ...]
    missing: str


def before(members: Members, since: dt.datetime, *, length: dt.timedelta) -> tuple[Values, Values]:
    """The time just before `since` of that length, and a longer one that it is part of, at least eight weeks."""
    alike = purchases.between(members, since - length, since)
    begins = since - max(length, LEAST_BEFORE)
    longer = alike + purchases.between(members, begins, since - length)
    return _values(alike), {**_values(longer), ITEMS: longer.items}


def window(
    members: Members, spent: Spent, before: Values, *, since: dt.datetime, until: dt.datetime, clip_at: float | None
) -> Window:
    """The outcome window so far; `before` and `clip_at` go into what is told of its days."""
    total, days = purchases.nothing(members), []
    for day, upto, total in _growing(members, since, until):
        net = _net(total, spent, upto=day)
        days.append(DaySums(day, upto, _by_arm(net, before.get(MARGIN), members, clip_at)))
    values = {**_values(total), ITEMS: total.items}
    if MARGIN in values:
        values[MARGIN] = _net(total, spent)
    return Window(values, tuple(days) if MARGIN in values else (), _missing(total))


def _growing(members: Members, since: dt.datetime, until: dt.datetime) -> Iterator[tuple[dt.date, dt.datetime, Bought]]:
    total = purchases.nothing(members)
    for day, begins, ends in purchases.days(since, until):
        total = total + purchases.between(members, begins, ends)
        yield day, ends, total


def _values(bought: Bought) -> dict[str, np.ndarray]:
    found = {SPEND: bought.spend, PURCHASERS: (bought.baskets > 0).astype(np.float64), BASKETS: bought.baskets}
    return found if bought.without_margin else {MARGIN: bought.margin, **found}


def _net(bought: Bought, spent: Spent, *, upto: dt.date | None = None) -> np.ndarray:
    return np.asarray(bought.margin - spent.rewards(upto=upto) - spent.contacts)


def _by_arm(net: np.ndarray, before: np.ndarray | None, members: Members, clip_at: float | None) -> tuple[Paired, ...]:
    held = net if clip_at is None else tails.clipped(net, clip_at)
    earlier = np.zeros(len(members)) if before is None else before
    tally = cells.tally([held], [earlier], members.arm, len(members.arms))
    return tuple(tally.paired(0, arm) for arm in range(len(members.arms)))


def _missing(bought: Bought) -> str:
    if not bought.without_margin:
        return ""
    return (
        f"{bought.without_margin:,} of {bought.lines:,} purchase lines have no margin_amount: load them with it, "
        "or judge by spend."
    )
