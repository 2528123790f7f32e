"""The stage of each member's life with the retailer, relative to the member's own interval between shopping days.

On the day D only earlier days count, and exactly one stage holds, the first of these that fits:

- *never bought*: no shopping day.
- *new*: it began at most `NEW_DAYS` ago. It began with the first shopping day, or with joining where the member
joined before the purchase history starts: what such a member bought earlier is not known to us.
- *lapsing*: the days since the last shopping day exceed the member's patience, `LAPSE_FACTOR` times the usual
interval.
- *reactivated*: came back, at most `REACTIVATED_DAYS` ago, after having been lapsing. Whether a past silence made the
  member lapsing is judged by the interval known at that time, so the silence does not excuse itself.
- *established*: everyone else.

The usual interval is the mean gap between the member's shopping days, held between `MIN_INTERVAL_DAYS` (who shops
twice a week has not lapsed after eight days) and `MAX_INTERVAL_DAYS` (nobody is established after a year of silence).
A member with one shopping day has no gap yet and is judged by the median interval of all members who have one.

The thresholds were set by looking at two retailers' purchases. Of 4,372 customers of a gift shop 52 % come out
established, 28 % lapsing, 14 % new and 6 % reactivated; of 2,377 households of a grocer, by a sample of their
purchases, 65, 20, 1 and 13 %. With reactivation lasting 60 days instead of 30, a quarter of those households would
count as reactivated through nothing but the usual irregularity of shopping.
"""

from dataclasses import dataclass, fields

import numpy as np

from loyalty.profiling.visits import ShoppingDays

STAGES = ("new", "established", "lapsing", "reactivated", "never bought")
NEW, ESTABLISHED, LAPSING, REACTIVATED, NEVER_BOUGHT = range(len(STAGES))

NEW_DAYS = 60
LAPSE_FACTOR = 2.0
REACTIVATED_DAYS = 30
MIN_INTERVAL_DAYS = 14.0
MAX_INTERVAL_DAYS = 182.0
DEFAULT_INTERVAL_DAYS = 30.0  # where no member at all has shopped on two days


@dataclass(frozen=True, eq=False)
class Stages:
    """(n,) int8 codes into `STAGES`, and (n,) float64 days since that stage began, NaN where its start is unknown."""

    code: np.ndarray
    days: np.ndarray


@dataclass(frozen=True, eq=False)
class Rhythm:
    """What stages need of n members' shopping days: (n,) float64 each.

    The first, second and last day and the last return after a silence that the member's own interval calls too long,
    as days since 1970-01-01, NaN where there is none; and how many days there are. Whether the second day was a return
    is open until the typical interval is known.
    """

    first_day: np.ndarray
    second_day: np.ndarray
    last_day: np.ndarray
    return_day: np.ndarray
    days: np.ndarray

    def of(self, rows: slice) -> "Rhythm":
        return Rhythm(*(getattr(self, column.name)[rows] for column in fields(self)))


def rhythm(days: ShoppingDays) -> Rhythm:
    return Rhythm(days.nth(0), days.nth(1), days.nth(-1), _last_return(days), days.count.astype(np.float64))


def own_intervals(of: Rhythm) -> np.ndarray:
    """The mean gap between each member's shopping days: (n,) float64 days, NaN with fewer than two."""
    gaps = np.where(of.days > 1, of.days - 1, np.nan)
    return np.asarray((of.last_day - of.first_day) / gaps)


def typical_interval(own: np.ndarray) -> float:
    """The median of the (n,) own intervals that are known, in days."""
    known = own[~np.isnan(own)]
    return float(np.median(known)) if len(known) else DEFAULT_INTERVAL_DAYS


def stages(
    of: Rhythm, joined_day: np.ndarray, *, on_day: int | np.ndarray, history_start: int, typical: float | None = None
) -> Stages:
    """The stage of n members at the start of `on_day`, and how long it has lasted; each may have a day of their own.

    `joined_day` is (n,), -1 where unknown; `history_start` the first day with purchases of anybody; `typical` the
    interval, in days, of members without one of their own, by default the median of the others.
    """
    own = own_intervals(of)
    typical = typical_interval(own) if typical is None else typical
    joined = np.where((joined_day < 0) | (joined_day > on_day), np.nan, joined_day)
    marks = _Marks(
        joined=joined,
        began=np.where(joined < history_start, joined, of.first_day),
        first=of.first_day,
        last=of.last_day,
        back=np.fmax(of.return_day, _second_as_return(of, typical)),
        patience=_patience(own, typical),
    )
    code = _stage_on(on_day, marks)
    return Stages(code, on_day - _first_day_in(code, marks))


def changes(
    shopping_days: np.ndarray, joined_day: int, *, on_day: int, history_start: int, typical: float
) -> list[tuple[int, int]]:
    """The stages of one member up to the start of `on_day`: the day on which each began, and its code, by day.

    `shopping_days` are the member's own, (s,) ascending, each once; the others as in `stages`. Every day is judged by
    the days before it, so what comes later changes nothing, except for `typical`, which is today's.
    """
    bought = shopping_days[shopping_days < on_day]
    first_known = [joined_day] * (0 <= joined_day <= on_day) + (bought[:1] + 1).tolist()
    if not first_known:
        return []
    days = np.arange(min(first_known), on_day + 1)
    joined = np.full(len(days), joined_day)
    code = stages(_before(days, bought), joined, on_day=days, history_start=history_start, typical=typical).code
    began = np.flatnonzero(np.diff(code, prepend=-1))
    return list(zip(days[began].tolist(), code[began].tolist(), strict=True))


def _before(days: np.ndarray, bought: np.ndarray) -> Rhythm:
    """The rhythm of one member's shopping days as each of the (n,) days knew it."""
    one = ShoppingDays(np.zeros(len(bought), dtype=np.intp), bought, np.array([0, len(bought)]))
    back = np.full(len(bought), np.nan)
    back[_returns(one)] = bought[_returns(one)]
    count = np.searchsorted(bought, days)

    def nth(values: np.ndarray, place: np.ndarray) -> np.ndarray:
        return np.append(values.astype(np.float64), np.nan)[np.where((place >= 0) & (place < count), place, -1)]

    first = np.zeros(len(days), dtype=np.intp)
    last_return = nth(np.fmax.accumulate(back), count - 1)
    return Rhythm(nth(bought, first), nth(bought, first + 1), nth(bought, count - 1), last_return, count)


@dataclass(frozen=True, eq=False)
class _Marks:
    """What the stages are told by: days (n,) float64, NaN where there is none, and the patience in days."""

    joined: np.ndarray
    began: np.ndarray
    first: np.ndarray
    last: np.ndarray
    back: np.ndarray
    patience: np.ndarray


def _stage_on(day: int | np.ndarray, marks: _Marks) -> np.ndarray:
    code = np.full(len(marks.last), ESTABLISHED, dtype=np.int8)
    code[day - marks.back <= REACTIVATED_DAYS] = REACTIVATED
    code[day - marks.last > marks.patience] = LAPSING
    code[day - marks.began <= NEW_DAYS] = NEW
    code[np.isnan(marks.last)] = NEVER_BOUGHT
    return code


def _first_day_in(code: np.ndarray, marks: _Marks) -> np.ndarray:
    """The first day of the present stage. A purchase shows on the day after it, since only earlier days count."""
    settled = np.maximum(marks.began + NEW_DAYS, marks.first) + 1
    starts = (
        marks.first + 1,
        np.fmax(settled, marks.back + REACTIVATED_DAYS + 1),
        np.maximum(settled, marks.last + np.floor(marks.patience) + 1),
        np.maximum(settled, marks.back + 1),
        marks.joined,
    )
    return np.choose(code, starts)


def _patience(interval: np.ndarray, typical: float) -> np.ndarray:
    usual = np.where(np.isnan(interval), typical, interval)
    return LAPSE_FACTOR * np.clip(usual, MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS)


def _second_as_return(of: Rhythm, typical: float) -> np.ndarray:
    """The second day, (n,), where the silence before it was too long; there was no interval of the member's own yet."""
    patience = _patience(np.array([np.nan]), typical)
    return np.where(of.second_day - of.first_day > patience, of.second_day, np.nan)


def _last_return(days: ShoppingDays) -> np.ndarray:
    """The last return, (n,), NaN without one."""
    back = np.full(len(days.count), np.nan)
    returns = _returns(days)
    back[days.member[returns]] = days.day[returns]  # by day: the last one stays
    return back


def _returns(days: ShoppingDays) -> np.ndarray:
    """Which days, as positions, end a silence beyond the patience by the interval known then: the third or later."""
    start = days.start[days.member]
    later = np.flatnonzero(np.arange(len(days.day)) - start > 1)
    before, start = days.day[later - 1], start[later]
    interval_before = (before - days.day[start]) / (later - start - 1)
    returns: np.ndarray = later[days.day[later] - before > _patience(interval_before, np.nan)]
    return returns
