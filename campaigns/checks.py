"""What is refused at the start of settings that say when messages may go."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from campaigns import pacing
from campaigns.quiet import NeverOpenError

ZONES_SENTENCE = "MEMBER_TIME_ZONES names a time zone that is not one. Write names like Europe/Paris,America/New_York."
HOURS_SENTENCE = 'QUIET_HOURS is not understood. Write channels with the times of day: {"app": ["21:00", "08:00"]}.'
ALWAYS_SENTENCE = "QUIET_HOURS leave no moment in all zones of MEMBER_TIME_ZONES. Shorten them or name fewer zones."
MOST_SENTENCE = 'MOST_A_MINUTE is not understood. Write channels with a number of messages: {"email": 600}.'
WRONG = (ValueError, TypeError, AttributeError, LookupError)


@register()
def times_of_messages(**_: Any) -> list[CheckMessage]:
    """Refuse quiet hours and numbers of messages that nobody could keep to."""
    try:
        pacing.zones()
    except WRONG:
        return [Error(ZONES_SENTENCE, id="liftwell.E003")]
    return [*_quiet_hours(), *_most_a_minute()]


def _quiet_hours() -> list[CheckMessage]:
    try:
        pacing.check_hours()
    except NeverOpenError:
        return [Error(ALWAYS_SENTENCE, id="liftwell.E004")]
    except WRONG:
        return [Error(HOURS_SENTENCE, id="liftwell.E004")]
    return []


def _most_a_minute() -> list[CheckMessage]:
    try:
        is_kept = all(most >= 1 for most in pacing.most_a_minute().values())
    except WRONG:
        is_kept = False
    return [] if is_kept else [Error(MOST_SENTENCE, id="liftwell.E005")]
