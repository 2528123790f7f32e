"""What the membership record says on a day: time with the programme, age and where somebody lives."""

import re
from datetime import date

import numpy as np

from loyalty.profiling.table import day_number

OLDEST_AGE = 120
AREA = re.compile(r"[A-Z]{1,2}(?=\d)|\d{2}")  # LS of LS2 7EE, 10 of 10115


def tenure_days(joined_day: np.ndarray, as_of: date) -> np.ndarray:
    """Days since joining, (n,) float64; NaN where the day is unknown (-1) or still to come."""
    tenure = np.where(joined_day >= 0, day_number(as_of) - joined_day.astype(np.float64), np.nan)
    return np.where(tenure >= 0, tenure, np.nan)


def least_age(birth_year: np.ndarray, as_of: date) -> np.ndarray:
    """The age in years a member has reached for certain, (n,) float64; NaN where unknown (-1) or beyond belief.

    Only the year of birth is known, so the birthday counts as still to come: nobody is taken for older than they are.
    """
    years = as_of.year - birth_year.astype(np.float64)
    believable = (birth_year > 0) & (years >= 0) & (years <= OLDEST_AGE)
    return np.where(believable, np.maximum(years - 1, 0), np.nan)


def postcode_area(postcode: str) -> str:
    """The region that a postcode begins with: its letters, or else its first two digits; empty where it has neither."""
    found = AREA.match(postcode.strip().upper())
    return found.group() if found else ""
