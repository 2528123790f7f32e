"""What conditions on purchases and on events have in common: how often, how far back, on which channel."""

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches

from loyalty.profiling.conditions import RuleError
from loyalty.profiling.operands import SHOWN_CHARACTERS, Vocabularies, shown

MOST_TIMES = 1_000_000
MOST_DAYS = 36_500
MOST_AMOUNT = 10**9
MOST_COMPARED = 2_000  # words that a misspelt one is compared with, each of which takes a while
UNITS_E4 = 10_000

NOT_KEPT = (
    "These profiles were built before purchases and events were kept beside them: build profiles again on the Data "
    "page, and ask then."
)
ON_CHANNEL: Mapping[str, str] = {"": "", "store": " in store", "app": " in the app", "online": " online"}


def times_of(value: object) -> int:
    """How often, at least once; RuleError where it is no such number."""
    return _whole("times", value, most=MOST_TIMES)


def days_of(data: Mapping[str, object]) -> int | None:
    """How many days back; None where the rule looks back as far as there is anything."""
    return _whole("days", data["days"], most=MOST_DAYS) if "days" in data else None


def amount_e4_of(value: object) -> int:
    """An amount of money in ten-thousandths, which hold it exactly; RuleError where they do not."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MOST_AMOUNT:
        raise RuleError(f"“amount” is a sum of money above 0, such as 50, not {shown(value)}.")
    exact = Decimal(repr(value)) * UNITS_E4
    if exact != int(exact):
        raise RuleError(f"“amount” has at most four decimals, not {shown(value)}.")
    return int(exact)


def word_of(what: str, value: object, vocabularies: Vocabularies, name: str) -> str:
    """The word, which must be in the vocabulary; RuleError with the nearest one, or where nothing was kept."""
    if name not in vocabularies:
        raise RuleError(NOT_KEPT)
    if isinstance(value, str) and value in vocabularies[name]:
        return value
    words = vocabularies[name]
    near = get_close_matches(str(value)[:SHOWN_CHARACTERS], words, n=1) if len(words) <= MOST_COMPARED else []
    raise RuleError(f"There is no {what} {shown(value)}{f': did you mean “{near[0]}”?' if near else '.'}")


def channel_of(data: Mapping[str, object], vocabularies: Vocabularies, name: str) -> str:
    return word_of("channel", data["channel"], vocabularies, name) if "channel" in data else ""


def looked_back(days: int | None) -> str:
    """How far back, as it ends a phrase: “ in the last 90 days”."""
    if days is None:
        return ""
    return " on the day before" if days == 1 else f" in the last {days:,} days"


def on_channel(channel: str) -> str:
    return ON_CHANNEL.get(channel, f" by {channel}")


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _whole(name: str, value: object, *, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise RuleError(f"“{name}” is a whole number from 1 to {most:,}, not {shown(value)}.")
    return value
