"""What a check is called: by what holds where it is fine, and by what is wrong where it is not."""

from analytics.body import Check

NAMES = {
    "sample_ratio": ("Groups as large as planned", "Groups not as large as planned"),
    "sample_ratio_by_day": ("As planned on every day", "Not as planned on every day"),
    "sample_ratio_by_segment": ("As planned in every segment", "Not as planned in every segment"),
    "sample_ratio_by_channel": ("As planned in every channel", "Not as planned in every channel"),
    "contamination": ("Held-out members got nothing", "Held-out members got something"),
    "multiple_exposure": ("Everyone counted once", "Members in several groups"),
    "other_campaigns": ("No other campaign at work", "Another campaign at work"),
    "daily_looks": ("Looked at every day", "Looked at every day"),
    "salt_changed": ("Groups as chance drew them", "Groups not as chance drew them"),
    "bot_engagement": ("Clicks by people", "Clicks by programs"),
    "missing_feed": ("Purchases of every day", "Days without their purchases"),
    "late_data": ("Late purchases alike", "Purchases came late"),
    "duplicates": ("No purchase twice", "Purchases in the record twice"),
    "refunds": ("Returns taken off", "Returns missing"),
    "window_shifted": ("Clock and time zone", "Clock or time zone wrong"),
    "before_balance": ("Groups alike beforehand", "Groups not alike beforehand"),
    "variance_change": ("Few giant baskets", "Giant baskets in one group"),
    "beyond_the_ceiling": ("Little above the ceiling", "Much above the ceiling"),
    "power_reached": ("As able to tell as promised", "Less able to tell than promised"),
    "sent_alike": ("Both groups handled alike", "Groups not handled alike"),
    "novelty": ("Not of the first days alone", "Not alike from first to last day"),
    "enough_members": ("Enough members to go by", "Few members to go by"),
}
NOT_CHECKED = "Not checked: {what}"


def name(check: Check) -> str:
    """A new check, which has no name here, is called by its own."""
    own = check.name.replace("_", " ").capitalize()
    holds, wrong = NAMES.get(check.name, (own, own))
    if check.state == "unknown":
        return NOT_CHECKED.format(what=holds[0].lower() + holds[1:])
    return holds if check.state == "fine" else wrong
