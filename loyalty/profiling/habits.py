"""How often, how much, on what terms, when and where a member buys. Windows end the day before the one asked about."""

from dataclasses import dataclass

import numpy as np

from loyalty.profiling.records import Lines
from loyalty.profiling.visits import Baskets
from loyalty.profiling.windows import EVER, HALF, QUARTER, YEAR, windows

WINDOW_DAYS = 365
UNITS_E4 = 10_000

CHANNELS = ("store", "online", "both", "not enough data")
STORE, ONLINE, BOTH, NOT_ENOUGH_DATA = range(len(CHANNELS))
STORE_WORDS = frozenset({"store"})
ONLINE_WORDS = frozenset({"online", "app"})
MIN_VISITS_FOR_CHANNEL = 3
PREFERS_FROM_SHARE = 0.8

DAYPARTS = ("morning", "midday", "evening", "night", "no preference", "not enough data")
MORNING, MIDDAY, EVENING, NIGHT, NO_DAYPART, TOO_FEW_VISITS = range(len(DAYPARTS))
# From 5 to 10:59, 11 to 16:59 and 17 to 21:59; the rest is night.
DAYPART_OF_HOUR = np.array([NIGHT] * 5 + [MORNING] * 6 + [MIDDAY] * 6 + [EVENING] * 5 + [NIGHT] * 2)
MIN_VISITS_FOR_DAYPART = 5
PREFERS_DAYPART_FROM_SHARE = 0.5

MIN_LINES_FOR_DISCOUNTS = 10


@dataclass(frozen=True, eq=False)
class Spending:
    """(5, n) float64 each, per window of `windows.DAYS` and for ever: visits and net spend in currency units.

    (n,) float64 each: the mean visit in currency units and in lines, the discounted share, and the trend.
    """

    visits: np.ndarray
    spend: np.ndarray
    average_basket: np.ndarray
    lines_per_basket: np.ndarray
    discount_share: np.ndarray
    trend: np.ndarray


def spending(baskets: Baskets, *, members: int, on_day: int) -> Spending:
    """What so many members bought before `on_day`, and how often.

    Spend is net of returns and may be negative. The average basket is the mean of the visits of the last `WINDOW_DAYS`,
    or of all visits where those have none; so is the number of lines in it. The discounted share is what was taken off
    in that time over what was taken off and paid, between 0 and 1. The trend is the spend of the last 90 days over that
    of the 90 before, unknown where the earlier spend is not positive, and not below 0.
    """
    per_window = windows(baskets.member, on_day - baskets.day, members=members)
    is_visit = baskets.net_e4 > 0
    visits, paid = per_window.sums(is_visit), per_window.sums(baskets.net_e4)
    on_visits, lines = per_window.sums(baskets.net_e4 * is_visit), per_window.sums(baskets.lines * is_visit)
    taken_off = per_window.sums(baskets.discount_e4)[YEAR]
    return Spending(
        visits=visits,
        spend=paid / UNITS_E4,
        average_basket=_per_visit(on_visits, visits * UNITS_E4),
        lines_per_basket=_per_visit(lines, visits),
        discount_share=np.clip(_ratio(taken_off, taken_off + paid[YEAR]), 0, 1),
        trend=np.maximum(_ratio(paid[QUARTER], paid[HALF] - paid[QUARTER]), 0),
    )


def channel_preference(visits: Baskets, words: tuple[str, ...], *, members: int) -> np.ndarray:
    """Where each member makes these visits: (n,) int8 codes into `CHANNELS`.

    Visits in the shop are set against visits on the web or in the app; visits by phone or by an unknown channel say
    nothing. From `PREFERS_FROM_SHARE` of them on, one side is preferred; under `MIN_VISITS_FOR_CHANNEL` nothing is
    said.
    """
    store = _counts(visits.member[_spoken_of(visits.channel, words, STORE_WORDS)], members)
    online = _counts(visits.member[_spoken_of(visits.channel, words, ONLINE_WORDS)], members)
    total = store + online
    code = np.full(members, BOTH, dtype=np.int8)
    code[store >= PREFERS_FROM_SHARE * total] = STORE
    code[online >= PREFERS_FROM_SHARE * total] = ONLINE
    code[total < MIN_VISITS_FOR_CHANNEL] = NOT_ENOUGH_DATA
    return code


def daypart_preference(visits: Baskets, *, members: int) -> np.ndarray:
    """When each member makes these visits, by their hours: (n,) int8 codes into `DAYPARTS`.

    A part of the day is preferred when more than `PREFERS_DAYPART_FROM_SHARE` of the visits begin in it; under
    `MIN_VISITS_FOR_DAYPART` nothing is said.
    """
    cell = DAYPART_OF_HOUR[visits.hour] * members + visits.member
    counts = np.bincount(cell, minlength=NO_DAYPART * members).reshape(NO_DAYPART, members)
    total = counts.sum(axis=0)
    preferred = counts.max(axis=0) > PREFERS_DAYPART_FROM_SHARE * total
    code = np.where(preferred, counts.argmax(axis=0), NO_DAYPART)
    code[total < MIN_VISITS_FOR_DAYPART] = TOO_FEW_VISITS
    return code.astype(np.int8)


def reduced_lines(lines: Lines, *, members: int, on_day: int) -> np.ndarray:
    """How many lines were bought at a discount in the last `WINDOW_DAYS`; (n,) float64."""
    reduced = (lines.discount_e4 > 0) & (lines.net_e4 > 0) & (lines.day >= on_day - WINDOW_DAYS)
    return _counts(lines.member[reduced], members)


def discount_sensitivity(bought: np.ndarray, reduced: np.ndarray) -> np.ndarray:
    """The share of a member's lines bought at a discount over the share of everybody's; (n,) float64, 1 is average.

    Both are (n,) counts. NaN under `MIN_LINES_FOR_DISCOUNTS` lines, and where nobody buys anything at a discount.
    """
    enough = np.where(bought >= MIN_LINES_FOR_DISCOUNTS, bought, 0)
    usual = reduced.sum() / bought.sum() if reduced.any() else np.nan
    return np.asarray(_ratio(reduced, enough) / usual)


def _spoken_of(channel: np.ndarray, words: tuple[str, ...], wanted: frozenset[str]) -> np.ndarray:
    among = np.array([word.casefold() in wanted for word in words] + [False])
    return np.asarray(among[channel])  # the code of an unknown channel, -1, reads the last entry


def _counts(member: np.ndarray, members: int) -> np.ndarray:
    return np.bincount(member, minlength=members).astype(np.float64)


def _per_visit(amounts: np.ndarray, visits: np.ndarray) -> np.ndarray:
    """The mean of the year's visits, or of all where the year has none; both are (5, n) per window."""
    lately = visits[YEAR] > 0
    top, bottom = (np.where(lately, each[YEAR], each[EVER]) for each in (amounts, visits))
    return _ratio(top, bottom)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    ratio = np.full(len(top), np.nan)
    np.divide(top, bottom, out=ratio, where=bottom > 0)
    return ratio
