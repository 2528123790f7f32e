"""Whether a comparison may be believed before anyone looks at it: each guard in a word and a sentence."""

from analytics.measurement.validity.balance import before_balance, variance_change
from analytics.measurement.validity.engagement import bot_engagement
from analytics.measurement.validity.exposure import (
    contamination,
    duplicates,
    multiple_exposure,
    salt_changed,
    sent_alike,
)
from analytics.measurement.validity.feed import late_data, missing_feed, refunds, window_shifted
from analytics.measurement.validity.guard import Guard, State
from analytics.measurement.validity.results import beyond_the_ceiling, novelty, power_reached, skewed
from analytics.measurement.validity.sample_ratios import sample_ratio_by, sample_ratio_overall
from analytics.measurement.validity.sizes import SAMPLE_RATIO_LIMIT, is_mismatch, sample_ratio

__all__ = [
    "SAMPLE_RATIO_LIMIT",
    "Guard",
    "State",
    "before_balance",
    "beyond_the_ceiling",
    "bot_engagement",
    "contamination",
    "duplicates",
    "is_mismatch",
    "late_data",
    "missing_feed",
    "multiple_exposure",
    "novelty",
    "power_reached",
    "refunds",
    "salt_changed",
    "sample_ratio",
    "sample_ratio_by",
    "sample_ratio_overall",
    "sent_alike",
    "skewed",
    "variance_change",
    "window_shifted",
]
