"""The kind of condition that asks for events: `{"event": "open", "times": 2, "days": 30, "channel": "email"}`."""

from collections.abc import Mapping

from loyalty.profiling.conditions import Happened
from loyalty.profiling.counted import channel_of, counted, days_of, looked_back, on_channel, times_of, word_of
from loyalty.profiling.history.names import EVENT, EVENT_CHANNEL
from loyalty.profiling.operands import Nameable
from loyalty.profiling.table import Feature


def parse(data: Mapping[str, object], known: Nameable) -> Happened:
    """The condition in a piece of JSON; RuleError with a sentence that says what is allowed."""
    return Happened(
        event=word_of("event", data["event"], known.vocabularies, EVENT),
        times=times_of(data.get("times")),
        days=days_of(data),
        channel=channel_of(data, known.vocabularies, EVENT_CHANNEL),
    )


def words(rule: Happened, _features: Mapping[str, Feature]) -> str:
    """The condition as a phrase: “The event “app open” at least 2 times in the last 30 days”."""
    return f"{what(rule)} at least {counted(rule.times, 'time')}{circumstances(rule)}"


def features_of(_rule: Happened) -> tuple[str, ...]:
    return ()


def subject(rule: Happened) -> object:
    return Happened, rule.event


def what(rule: Happened) -> str:
    return f"The event “{rule.event.replace('_', ' ')}”"


def circumstances(rule: Happened) -> str:
    """When and where, as it ends a phrase."""
    return f"{looked_back(rule.days)}{on_channel(rule.channel)}"
