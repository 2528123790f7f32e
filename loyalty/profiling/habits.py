"""How often, how much, on what terms and where a member buys. Windows end with the day before the day asked about."""

from dataclasses import dataclass

import numpy as np

from loyalty.profiling.visits import Baskets

WINDOW_DAYS = 365
UNITS_E4 = 10_000

CHANNELS = ("store", "online", "both", "not enough data")
STORE, ONLINE, BOTH, NOT_ENOUGH_DATA = range(len(CHANNELS))
STORE_WORDS = frozenset({"store"})
ONLINE_WORDS = frozenset({"online", "app"})
MIN_VISITS_FOR_CHANNEL = 3
PREFERS_FROM_SHARE = 0.8


@dataclass(frozen=True, eq=False)
class Spending:
    """(n,) float64 each: visits and net spend in the window, all visits, mean visit, and the discounted share."""

    visits: np.ndarray
    spend: np.ndarray
    visits_ever: np.ndarray
    average_basket: np.ndarray
    discount_share: np.ndarray


def spending(baskets: Baskets, *, members: int, on_day: int) -> Spending:
    """What so many members bought in the `WINDOW_DAYS` before `on_day`, and how often ever.

    Spend is net of returns and may be negative. The average basket is the mean of the window's visits, or of all
    visits where the window has none. The discounted share is what was taken off over what was taken off and paid,
    between 0 and 1.
    """
    ever, window = baskets.visits(), baskets.since(on_day - WINDOW_DAYS)
    recent = window.visits()
    counts = _counts(recent, members)
    taken_off, paid = _sums(window.member, window.discount_e4, members), _sums(window.member, window.net_e4, members)
    return Spending(
        visits=counts,
        spend=paid / UNITS_E4,
        visits_ever=_counts(ever, members),
        average_basket=np.where(counts > 0, _mean_basket(recent, members), _mean_basket(ever, members)),
        discount_share=np.clip(_ratio(taken_off, taken_off + paid), 0, 1),
    )


def channel_preference(baskets: Baskets, words: tuple[str, ...], *, members: int, on_day: int) -> np.ndarray:
    """Where each member shops, by the visits of the window: (n,) int8 codes into `CHANNELS`.

    Visits in the shop are set against visits on the web or in the app; visits by phone or by an unknown channel say
    nothing. From `PREFERS_FROM_SHARE` of them on, one side is preferred; under `MIN_VISITS_FOR_CHANNEL` nothing is
    said.
    """
    visits = baskets.since(on_day - WINDOW_DAYS).visits()
    store = _counts(visits.where(_spoken_of(visits.channel, words, STORE_WORDS)), members)
    online = _counts(visits.where(_spoken_of(visits.channel, words, ONLINE_WORDS)), members)
    total = store + online
    code = np.full(members, BOTH, dtype=np.int8)
    code[store >= PREFERS_FROM_SHARE * total] = STORE
    code[online >= PREFERS_FROM_SHARE * total] = ONLINE
    code[total < MIN_VISITS_FOR_CHANNEL] = NOT_ENOUGH_DATA
    return code


def _spoken_of(channel: np.ndarray, words: tuple[str, ...], wanted: frozenset[str]) -> np.ndarray:
    among = np.array([word.casefold() in wanted for word in words] + [False])
    return np.asarray(among[channel])  # the code of an unknown channel, -1, reads the last entry


def _counts(baskets: Baskets, members: int) -> np.ndarray:
    return np.bincount(baskets.member, minlength=members).astype(np.float64)


def _sums(member: np.ndarray, amounts: np.ndarray, members: int) -> np.ndarray:
    return np.bincount(member, weights=amounts, minlength=members)


def _mean_basket(visits: Baskets, members: int) -> np.ndarray:
    return _ratio(_sums(visits.member, visits.net_e4, members), _counts(visits, members) * UNITS_E4)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    ratio = np.full(len(top), np.nan)
    np.divide(top, bottom, out=ratio, where=bottom > 0)
    return ratio
