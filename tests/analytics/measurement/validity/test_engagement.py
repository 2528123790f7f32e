import numpy as np
import pytest

from analytics.measurement.validity import bot_engagement

RNG = np.random.default_rng(140)


def clicks(members: int = 2000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One or two clicks of each member, minutes to hours after the message."""
    member = np.repeat(np.arange(members), RNG.integers(1, 3, members))
    after = RNG.lognormal(8, 1, member.size) + 5
    return member, 1e6 + after, after


def test_clicks_of_people_are_fine() -> None:
    assert bot_engagement(*clicks()).state == "fine"


def test_clicks_within_two_seconds_of_sending_stop_the_report() -> None:
    member, at, after = clicks()
    by_programs = RNG.random(member.size) < 0.1
    guard = bot_engagement(member, np.where(by_programs, 1e6 + 1, at), np.where(by_programs, 1.0, after))
    assert guard.state == "stop"
    assert guard.figure == pytest.approx(by_programs.mean())
    assert "judge by purchases" in guard.sentence


def test_members_who_click_faster_than_anybody_can_stop_the_report() -> None:
    member, at, after = clicks()
    one = np.full(400, 7), 2e6 + np.arange(400.0), np.full(400, 900.0)
    guard = bot_engagement(*(np.concatenate(both) for both in zip((member, at, after), one, strict=True)))
    assert guard.state == "stop"


def test_as_many_clicks_over_a_day_are_a_fan() -> None:
    member, at, after = clicks()
    one = np.full(400, 7), 2e6 + 200 * np.arange(400.0), np.full(400, 900.0)
    assert (
        bot_engagement(*(np.concatenate(both) for both in zip((member, at, after), one, strict=True))).state == "fine"
    )


def test_before_anybody_has_clicked_nothing_is_known() -> None:
    none = np.array([], dtype=int)
    assert bot_engagement(none, [], []).state == "unknown"


def test_a_click_without_its_time_is_refused() -> None:
    with pytest.raises(ValueError, match="its time"):
        bot_engagement(np.array([1, 2]), [1.0], [1.0])
