"""The groups of members that the demo's marketer works with."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User

from loyalty import segmentation

ACTIVE = "Active members"
QUIET = "Gone quiet"
COFFEE = "Coffee and tea lovers"
REGULARS = "Regulars"
ONLINE = "Online shoppers"

# Active members and those gone quiet are different people, so that a campaign for each never meets the other.
RULES: dict[str, Any] = {
    ACTIVE: {"all": [{"feature": "recency_days", "is": "at_most", "value": 120}]},
    QUIET: {
        "all": [
            {"feature": "recency_days", "is": "between", "value": [121, 540]},
            {"feature": "baskets_total", "is": "at_least", "value": 2},
        ]
    },
    COFFEE: {
        "all": [
            {"bought": "category", "named": ["Coffee & Tea"], "times": 3, "days": 365},
            {"feature": "recency_days", "is": "at_most", "value": 180},
        ]
    },
    REGULARS: {
        "all": [
            {"feature": "frequency_score", "is": "at_least", "value": 4},
            {"not": {"any": [{"feature": "lifecycle", "is": "in", "value": ["lapsing", "never bought"]}]}},
        ]
    },
    ONLINE: {"any": [{"feature": "channel_preference", "is": "in", "value": ["online", "both"]}]},
}


def save(*, by: User, at: dt.datetime) -> None:
    for name, rule in RULES.items():
        segmentation.save(None, name=name, rule=rule, by=by, at=at)
