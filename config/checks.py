from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from campaigns import pacing
from campaigns.quiet import NeverOpenError

SENTENCE = "SECRET_KEY is the one printed in the source. Set SECRET_KEY to a long random text of your own."
SIZES_SENTENCE = 'RETAILER_SIZES is not understood. Write things and their sizes: {"Shoes": ["36", "37"]}.'
ZONES_SENTENCE = "MEMBER_TIME_ZONES names a time zone that is not one. Write names like Europe/Paris,America/New_York."
HOURS_SENTENCE = 'QUIET_HOURS is not understood. Write channels with the times of day: {"app": ["21:00", "08:00"]}.'
ALWAYS_SENTENCE = "QUIET_HOURS leave no moment in all zones of MEMBER_TIME_ZONES. Shorten them or name fewer zones."
MOST_SENTENCE = 'MOST_A_MINUTE is not understood. Write channels with a number of messages: {"email": 600}.'
WRONG = (ValueError, TypeError, AttributeError, LookupError)


@register(Tags.security)
def own_secret_key(**_: Any) -> list[CheckMessage]:
    """Refuse to run outside the demo with a secret that everybody knows."""
    if settings.DEMO or settings.SECRET_KEY != settings.DEFAULT_SECRET_KEY:
        return []
    return [Error(SENTENCE, id="liftwell.E001")]


@register()
def sizes_of_things(**_: Any) -> list[CheckMessage]:
    """Refuse sizes that members could not be asked for."""
    sizes = settings.RETAILER_SIZES
    if isinstance(sizes, dict) and all(isinstance(each, list) and _are_words(each) for each in sizes.values()):
        return []
    return [Error(SIZES_SENTENCE, id="liftwell.E002")]


def _are_words(sizes: list[Any]) -> bool:
    return bool(sizes) and all(isinstance(size, str) and size.strip() for size in sizes)


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
