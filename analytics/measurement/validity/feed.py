"""Guards of the purchases that the outcome is made of: all there, as late in both arms, returns off, hours unmoved."""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import pdtr

from analytics.measurement.lift import NotMeasured
from analytics.measurement.moments import Ratio
from analytics.measurement.ratio import ratio_lift
from analytics.measurement.validity.guard import FINE, LOOK, STOP, Guard, unknown

FORECAST_DAYS, WEEK = 28, 7
MOST_SIGMA = 4.0
MOST_LATE = 0.05
LATE_LIMIT = 0.001
LEAST_RETURNS = 10.0
HOURS = 24
LEAST_PURCHASES = 1000
# Share of purchases that would have to move to another hour.
MOST_MOVED = 0.1


def missing_feed(before: ArrayLike, window: ArrayLike, *, closed: NDArray[np.bool_] | None = None) -> Guard:
    """Daily purchase lines of the window against a forecast from the 28 days before: at most 4 sigma below it.

    before (28 or more,) daily counts up to the day before the window, window (d,) from its first day on. The forecast
    of a day is the mean of its weekday over the last four weeks, and as uncertain, as a share of itself, as these were.
    Days on which nobody could buy, `closed` of both after one another, are neither forecast nor forecast from.
    """
    name, past, now = "missing_feed", np.array(before, dtype=np.float64), np.array(window, dtype=np.float64)
    if closed is not None:
        past[closed[: past.size]], now[closed[past.size :][: now.size]] = np.nan, np.nan
    if past.size < FORECAST_DAYS or not now.size:
        return unknown(name, f"A forecast of the daily purchases needs {FORECAST_DAYS} days before the window.")
    weeks = past[-FORECAST_DAYS:].reshape(-1, WEEK)
    if not np.nansum(weeks):
        return unknown(name, "There were no purchases in the 28 days before, so nothing tells how many are missing.")
    forecast = _forecast(weeks)[np.arange(now.size) % WEEK]
    sigma = (forecast - now) / np.maximum(_spread(weeks) * forecast, np.sqrt(forecast.clip(1)))
    sigma[np.isnan(sigma)] = 0  # closed, or all of its weekdays before were
    worst = int(sigma.argmax())
    if sigma[worst] > MOST_SIGMA:
        return Guard(
            name,
            STOP,
            f"On day {worst + 1} of the window there were {now[worst]:,.0f} purchase lines where "
            f"{forecast[worst]:,.0f} were to be expected. Find out whether a feed is missing, and load it.",
            float(sigma[worst]),
        )
    sentence = "Every day has about as many purchases as the four weeks before let expect."
    return Guard(name, FINE, sentence, float(sigma[worst]))


def _forecast(weeks: NDArray[np.float64]) -> NDArray[np.float64]:
    """(7,): each weekday's mean over the days that were open, NaN where none was."""
    days = (~np.isnan(weeks)).sum(axis=0)
    return np.asarray(np.where(days > 0, np.nansum(weeks, axis=0) / np.maximum(days, 1), np.nan))


def _spread(weeks: NDArray[np.float64]) -> float:
    """How far off a forecast is, as a share of it: of (4, 7) days about their weekday's mean, and of that mean."""
    forecast = _forecast(weeks)
    off = weeks[:, forecast > 0] / forecast[forecast > 0] - 1
    degrees = np.count_nonzero(~np.isnan(off)) - off.shape[1]
    return sqrt(float(np.nansum(off * off)) / max(degrees, 1) * (1 + 1 / len(weeks)))


def late_data(treated: Ratio, reference: Ratio) -> Guard:
    """Lines that came late over all lines, per member of each arm: alike in both, and at most 5 % of all.

    More of them in one arm stop the report (p < 0.001): it is then not the members who differ but the data.
    """
    name, both = "late_data", treated + reference
    if not both.d:
        return unknown(name, "There are no purchases in the window yet.")
    lift = ratio_lift(treated, reference)
    if not isinstance(lift, NotMeasured) and lift.p < LATE_LIMIT:
        return Guard(
            name,
            STOP,
            f"{treated.mean:.1%} of the treated members' purchases came late, and {reference.mean:.1%} of the others': "
            "the arms are not fed alike. Load what is missing of the other arm, and report again.",
            lift.estimate,
        )
    if both.mean > MOST_LATE:
        sentence = f"{both.mean:.1%} of the purchases came late; wait for the rest before the report is closed."
        return Guard(name, LOOK, sentence, both.mean)
    return Guard(name, FINE, f"{both.mean:.1%} of the purchases came late, alike in both arms.", both.mean)


def refunds(returns_before: int, lines_before: int, returns: int, lines: int) -> Guard:
    """Returned lines of the window against their share in a window of the same length before it.

    Far fewer (less than a fifth, p < 0.001) means that returns are not taken off.
    """
    name = "refunds"
    if not lines_before or not lines:
        return unknown(name, "There are no purchases to compare the returns of.")
    expected = returns_before / lines_before * lines
    if expected < LEAST_RETURNS:
        return unknown(name, "There were hardly any returns before, so it cannot be said whether they are missing.")
    share = returns / expected
    if float(pdtr(returns, expected)) >= LATE_LIMIT or share > 0.5:
        return Guard(name, FINE, "Returns are taken off as before.", share)
    state = STOP if share < 0.2 else LOOK
    sentence = (
        f"There are {returns:,} returns where {expected:,.0f} were to be expected, so spend is overstated. Load the "
        "returns of the window, or wait until they have come in."
    )
    return Guard(name, state, sentence, share)


def window_shifted(before_hours: ArrayLike, window_hours: ArrayLike) -> Guard:
    """Purchases by hour of the local day, before and in the window: (24,) counts each.

    It stops where the window fits the time before much better when turned by some hours: a time zone was mixed up.
    """
    name = "window_shifted"
    before, now = np.asarray(before_hours, dtype=np.float64), np.asarray(window_hours, dtype=np.float64)
    if before.shape != (HOURS,) or now.shape != (HOURS,):
        raise ValueError("Purchases by hour are 24 counts.")
    if before.sum() < LEAST_PURCHASES or now.sum() < LEAST_PURCHASES:
        return unknown(name, f"Fewer than {LEAST_PURCHASES:,} purchases tell too little about the hours of the day.")
    moved = _moved(before / before.sum(), now / now.sum())
    best = int(moved.argmin())
    hours = best if best <= HOURS // 2 else best - HOURS
    if moved[0] - moved[best] <= MOST_MOVED:
        return Guard(name, FINE, "Members shop at the same hours as before.", 0.0)
    sentence = (
        f"Purchases come {abs(hours)} hours {'later' if hours > 0 else 'earlier'} than before: a time zone was mixed "
        "up, and the window begins and ends at the wrong hour. Load the purchases again with their zone."
    )
    return Guard(name, STOP, sentence, float(hours))


def _moved(before: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    """(24,) the share that is at another hour, if the time before is turned by 0, 1, 2 ... hours."""
    return np.array([np.abs(now - np.roll(before, hours)).sum() / 2 for hours in range(HOURS)])
