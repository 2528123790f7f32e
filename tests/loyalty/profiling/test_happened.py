import pytest

from loyalty.profiling.conditions import Happened, RuleError
from loyalty.profiling.parsing import parse
from loyalty.profiling.phrasing import in_words

WORDS = {"event:kind": ("app_open", "offer_viewed"), "event:channel": ("app", "email")}
VIEWED = {"event": "offer_viewed", "times": 2}


def test_a_condition_is_read_with_all_that_it_asks() -> None:
    rule = parse({**VIEWED, "days": 30, "channel": "email"}, {}, WORDS)
    assert rule == Happened("offer_viewed", 2, 30, "email")
    assert in_words(rule, {}) == "The event “offer viewed” at least 2 times in the last 30 days by email"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"event": "offer_viewed"}, "“times” is a whole number from 1 to 1,000,000, not nothing."),
        ({**VIEWED, "event": "offer_view"}, "There is no event “offer_view”: did you mean “offer_viewed”?"),
        ({**VIEWED, "channel": "sms"}, "There is no channel “sms”."),
        ({**VIEWED, "days": 36_501}, "“days” is a whole number from 1 to 36,500, not 36501."),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(data: object, sentence: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(data, {}, WORDS)
    assert caught.value.sentence == sentence


def test_profiles_of_earlier_days_say_that_they_have_to_be_built_again() -> None:
    with pytest.raises(RuleError, match="build profiles again"):
        parse(VIEWED, {}, {})
