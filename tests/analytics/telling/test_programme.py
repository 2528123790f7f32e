import datetime as dt
from dataclasses import replace

import pytest

from analytics.body import Estimate, Needed, Verdict
from analytics.programme.quarter import Quarter
from analytics.programme.verdict import Paying
from analytics.telling import programme
from tests.analytics import bodies

BEGAN = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
NEEDED = Needed(times=3.0, members=10_000, held_out=0.05, days=120, larger_holdout=0.13)
NET = Estimate(500.0, -300.0, 1_300.0)


def quarter(days=60, **facts):
    until = BEGAN + dt.timedelta(days=days)
    defaults = {"checks": (bodies.SIZES,), "arms": ()}
    return Quarter(BEGAN.date(), "EUR", BEGAN, BEGAN, until, until, until, **{**defaults, **facts})


def told(word="not_yet_known", needed=NEEDED, net=NET, **facts):
    return programme.steps(Paying(Verdict(word, "", needed=needed), net, net, ()), quarter(**facts))


@pytest.mark.parametrize(
    ("found", "first"),
    [
        (told("pays"), programme.GO_ON),
        (told("does_not_pay"), programme.STOP),
        (told(needed=None), programme.NEVER),
        (told(net=None), programme.LOADED),
        (told(checks=(bodies.BROKEN,)), programme.MENDED),
    ],
)
def test_what_is_recommended_follows_from_the_verdict(found, first):
    assert found.first == first


def test_how_many_more_months_are_told_and_how_large_a_holdout_instead():
    found = told()
    assert "about 4 more months" in found.first
    assert found.otherwise == "At the next draw, hold out 13 % of the members instead of 5 %."


def test_if_it_takes_more_than_a_year_a_larger_holdout_is_recommended():
    assert told(needed=replace(NEEDED, days=500)).first.startswith("At the next draw, hold out 13 %")


def test_of_a_few_days_no_months_are_foretold():
    assert "3 days are too few" in told(days=3).first


def test_meanwhile_the_worst_and_the_best_are_told_in_money():
    assert told().meanwhile == "Let it run: at worst it lost €300 since 1 April 2026, at best it left €1,300."
