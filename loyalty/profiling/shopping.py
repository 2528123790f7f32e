"""Everything about a member that takes nothing but the member's own purchase lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loyalty.profiling import affinity, departments, habits, lifecycle
from loyalty.profiling.records import Lines
from loyalty.profiling.visits import gather, shopping_days
from loyalty.profiling.windows import EVER, MONTH, QUARTER, YEAR

Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Scope:
    """As of which day, the words behind channels and departments, and the codes of those told apart in windows."""

    on_day: int
    channels: tuple[str, ...]
    departments: tuple[str, ...]
    told_apart: Sequence[int]


@dataclass(frozen=True, eq=False)
class Shopping:
    """Columns of features, and the ground for comparing n members with one another.

    `columns` have the types they are kept in. `weighted_spend` is (n, departments) as in `affinity`; `known_from` and
    `known_until` (n,) are the first and the last day with a purchase, NaN without; `lines` and `reduced` (n,) int32
    count those of the last year, and those at a discount among them.
    """

    columns: Columns
    rhythm: lifecycle.Rhythm
    weighted_spend: np.ndarray
    known_from: np.ndarray
    known_until: np.ndarray
    lines: np.ndarray
    reduced: np.ndarray


def of(lines: Lines, members: int, scope: Scope) -> Shopping:
    """What the lines say of so many members; all of a member's lines must be there, and earlier than the day asked."""
    on_day, baskets, count = scope.on_day, gather(lines), len(scope.departments)
    visits = baskets.visits()
    rhythm = lifecycle.rhythm(shopping_days(visits, members))
    bought = departments.bought(lines, members=members, departments=count, on_day=on_day)
    spending = habits.spending(baskets, members=members, on_day=on_day)
    lately = visits.since(on_day - habits.WINDOW_DAYS)
    columns = {
        "recency_days": (on_day - rhythm.last_day).astype(np.float32),
        **_spending_columns(spending),
        "channel_preference": habits.channel_preference(lately, scope.channels, members=members),
        "daypart_preference": habits.daypart_preference(lately, members=members),
        **_department_columns(bought, scope),
    }
    weighted = affinity.weighted_spend(lines, members=members, departments=count, on_day=on_day)
    reduced = habits.reduced_lines(lines, members=members, on_day=on_day)
    known_from, known_until = _edges(baskets.member, baskets.day, members)
    counts = (each.astype(np.int32) for each in (bought.all_lines, reduced))
    return Shopping(columns, rhythm, weighted, known_from, known_until, *counts)


def _spending_columns(spending: habits.Spending) -> Columns:
    money = {
        "spend_30": spending.spend[MONTH],
        "spend_90": spending.spend[QUARTER],
        "spend_365": spending.spend[YEAR],
        "average_basket": spending.average_basket,
    }
    others = {
        "baskets_30": spending.visits[MONTH],
        "baskets_90": spending.visits[QUARTER],
        "baskets_365": spending.visits[YEAR],
        "baskets_total": spending.visits[EVER],
        "spend_trend": spending.trend,
        "lines_per_basket": spending.lines_per_basket,
        "discount_share": spending.discount_share,
    }
    return money | {name: column.astype(np.float32) for name, column in others.items()}


def _department_columns(bought: departments.Bought, scope: Scope) -> Columns:
    columns = {}
    for code in scope.told_apart:
        for window, days in enumerate(departments.DAYS):
            name = f"{days}:{scope.departments[code]}"
            columns[f"bought_{name}"] = bought.lines[window, code].astype(np.float32)
            columns[f"spent_{name}"] = bought.net_e4[window, code] / habits.UNITS_E4
    return columns


def _edges(member: np.ndarray, day: np.ndarray, members: int) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last day of each member's baskets, which are by member and day."""
    first, last = np.full(members, np.nan), np.full(members, np.nan)
    first[member[::-1]] = day[::-1]
    last[member] = day
    return first, last
