import datetime as dt

import pytest

from analytics.programme import stretches
from campaigns.models import Draw

MIDNIGHT = dt.time(tzinfo=dt.UTC)


def draw(begins, ends):
    return Draw(begins=begins, ends=ends)


def told(begins, ends, as_of):
    found = stretches.of(draw(begins, ends), as_of=dt.datetime.combine(as_of, MIDNIGHT))
    return [(each.since.date(), each.until.date()) for each in found]


def test_the_first_quarter_begins_when_the_last_draw_has_washed_out():
    found = told(dt.date(2026, 1, 1), dt.date(2027, 1, 1), dt.date(2026, 2, 1))
    assert found == [(dt.date(2026, 1, 15), dt.date(2026, 4, 1))]


def test_the_last_quarter_ends_with_the_draw():
    found = told(dt.date(2026, 2, 10), dt.date(2027, 2, 10), dt.date(2028, 1, 1))
    assert found[0] == (dt.date(2026, 2, 24), dt.date(2026, 4, 1))
    assert found[-1] == (dt.date(2027, 1, 1), dt.date(2027, 2, 10))
    assert len(found) == 5


@pytest.mark.parametrize("as_of", [dt.date(2025, 12, 1), dt.date(2026, 1, 15)])
def test_before_the_wash_out_is_over_nothing_is_told(as_of):
    assert told(dt.date(2026, 1, 1), dt.date(2027, 1, 1), as_of) == []


def test_a_wash_out_may_pass_the_end_of_a_quarter():
    found = told(dt.date(2026, 3, 25), dt.date(2027, 3, 25), dt.date(2026, 5, 1))
    assert found == [(dt.date(2026, 4, 8), dt.date(2026, 7, 1))]


def test_a_draw_shorter_than_its_wash_out_tells_nothing():
    assert told(dt.date(2026, 1, 1), dt.date(2026, 1, 10), dt.date(2027, 1, 1)) == []
