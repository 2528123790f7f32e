"""What is refused at the start of settings that say when messages may go."""

from typing import Any

import pytest
from django.core import checks

from campaigns import checks as checks_of


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("QUIET_HOURS", ["app"], checks_of.HOURS_SENTENCE),
        ("QUIET_HOURS", {"pigeon": ["21:00", "08:00"]}, checks_of.HOURS_SENTENCE),
        ("QUIET_HOURS", {"app": ["21:00"]}, checks_of.HOURS_SENTENCE),
        ("QUIET_HOURS", {"app": ["21:00", "25:00"]}, checks_of.HOURS_SENTENCE),
        ("QUIET_HOURS", {"app": ["21:00", "21:00"]}, checks_of.HOURS_SENTENCE),
        ("QUIET_HOURS", {"app": [21, 8]}, checks_of.HOURS_SENTENCE),
        ("QUIET_HOURS", {"app": ["20:00", "08:00"], "email": ["08:00", "20:00"]}, checks_of.ALWAYS_SENTENCE),
        ("MEMBER_TIME_ZONES", ["Paris"], checks_of.ZONES_SENTENCE),
        ("MEMBER_TIME_ZONES", [""], checks_of.ZONES_SENTENCE),
        ("MOST_A_MINUTE", {"email": 0}, checks_of.MOST_SENTENCE),
        ("MOST_A_MINUTE", {"email": 0.5}, checks_of.MOST_SENTENCE),
        ("MOST_A_MINUTE", {"email": "600"}, checks_of.MOST_SENTENCE),
        ("MOST_A_MINUTE", {"pigeon": 600}, checks_of.MOST_SENTENCE),
        ("MOST_A_MINUTE", 600, checks_of.MOST_SENTENCE),
    ],
)
def test_times_of_messages_that_nobody_could_keep_to_are_refused(settings: Any, name: str, value: Any, said: str):
    setattr(settings, name, value)
    assert of_messages() == [said]


def test_other_times_of_messages_are_let_be(settings: Any) -> None:
    settings.QUIET_HOURS = {"app": ["21:00", "08:00"], "email": ["22:30", "06:00"]}
    settings.MEMBER_TIME_ZONES = ["America/New_York", "America/Los_Angeles"]
    settings.MOST_A_MINUTE = {"email": 600}
    assert of_messages() == []


def of_messages() -> list[str]:
    return [
        each.msg for each in checks.run_checks() if str(each.id) in ("liftwell.E003", "liftwell.E004", "liftwell.E005")
    ]
