"""What a check is called: by what holds where it is fine, by what is wrong where it is not, or by what it looks at."""

from typing import NamedTuple

from analytics.body import Check


class Names(NamedTuple):
    """`of` goes on after "Not checked:"."""

    holds: str
    wrong: str
    of: str


NAMES = {
    "sample_ratio": Names("Groups as large as planned", "Groups not as large as planned", "the sizes of the groups"),
    "sample_ratio_by_day": Names("As planned on every day", "Not as planned on every day", "the sizes by day"),
    "sample_ratio_by_segment": Names(
        "As planned in every segment", "Not as planned in every segment", "the sizes by segment"
    ),
    "sample_ratio_by_channel": Names(
        "As planned in every channel", "Not as planned in every channel", "the sizes by channel"
    ),
    "contamination": Names(
        "Held-out members got nothing", "Held-out members got something", "what held-out members got"
    ),
    "multiple_exposure": Names("Everyone counted once", "Members in several groups", "members in several groups"),
    "other_campaigns": Names("No other campaign at work", "Another campaign at work", "other campaigns"),
    "daily_looks": Names("Looked at every day", "Looked at every day", "how often it was looked at"),
    "salt_changed": Names("Groups as chance drew them", "Groups not as chance drew them", "how the groups were drawn"),
    "bot_engagement": Names("Clicks by people", "Clicks by programs", "who clicked"),
    "missing_feed": Names("Purchases of every day", "Days without their purchases", "purchases of every day"),
    "late_data": Names("Late purchases alike", "Purchases came late", "late purchases"),
    "duplicates": Names("No purchase twice", "Purchases in the record twice", "purchases in the record twice"),
    "refunds": Names("Returns taken off", "Returns missing", "returns"),
    "window_shifted": Names("Clock and time zone", "Clock or time zone wrong", "clock and time zone"),
    "before_balance": Names("Groups alike beforehand", "Groups not alike beforehand", "the groups beforehand"),
    "variance_change": Names("Few giant baskets", "Giant baskets in one group", "giant baskets"),
    "beyond_the_ceiling": Names("Little above the ceiling", "Much above the ceiling", "giant baskets above a ceiling"),
    "power_reached": Names("As able to tell as promised", "Less able to tell than promised", "how much it can tell"),
    "sent_alike": Names("Both groups handled alike", "Groups not handled alike", "how the groups were handled"),
    "novelty": Names("Not of the first days alone", "Not alike from first to last day", "whether the effect wears off"),
    "enough_members": Names("Enough members to go by", "Few members to go by", "how many members it takes"),
}
NOT_CHECKED = "Not checked: {what}"


def name(check: Check) -> str:
    """A new check, which has no name here, is called by its own."""
    own = check.name.replace("_", " ")
    found = NAMES.get(check.name, Names(own.capitalize(), own.capitalize(), own))
    if check.state == "unknown":
        return NOT_CHECKED.format(what=found.of)
    return found.holds if check.state == "fine" else found.wrong
