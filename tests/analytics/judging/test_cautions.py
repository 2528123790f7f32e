"""What is to be borne in mind of a number that is shown, in a small world that is spoilt in one way each time."""

import datetime as dt

import numpy as np
import pytest

from analytics import freezing
from analytics.body import Body, Check
from campaigns.models import Delivery, Ghost
from tests.analytics import world
from tests.analytics.world import SINCE, UNTIL
from tests.making import DAY

pytestmark = pytest.mark.django_db

CLOSED = UNTIL + DAY
OF_THE_RESULT = {"daily_looks", "novelty", "beyond_the_ceiling", "enough_members"}


@pytest.fixture
def small(terms):
    return world.made(terms)


def told(small, *, effect=3.0, as_of=CLOSED, spoil=lambda lines: lines) -> Body:
    small.decide()
    world.buy(spoil(small.shopping(effect=effect)))
    return freezing.freeze(small.run, as_of=as_of).told


def check(body: Body, name: str) -> Check:
    (found,) = [each for each in body.checks if each.name == name]
    return found


def test_a_clean_world_has_nothing_to_look_at(small):
    body = told(small)
    assert {check(body, name).state for name in OF_THE_RESULT} == {"fine"}


def test_of_a_result_that_is_hidden_nothing_is_told(small):
    body = told(small, spoil=lambda lines: lines.take(lines.day != 5))
    assert body.is_hidden
    assert OF_THE_RESULT & {each.name for each in body.checks} == set()


def test_an_effect_of_the_first_days_alone_is_looked_at(small):
    def wearing_off(lines):
        treated = small.treated[np.searchsorted(small.ids, lines.member)]
        more = np.where(treated & lines.inside & (lines.day < 7) & (lines.quantity > 0), 12.0, 0.0)
        return lines.changed(net=lines.net + more)

    found = check(told(small, effect=0.0, spoil=wearing_off), "novelty")
    assert (found.state, "may wear off" in found.sentence) == ("look", True)


def test_many_baskets_above_the_ceiling_are_looked_at(small):
    def giants(lines):
        dear = lines.inside & (lines.member % 50 == 0) & (lines.quantity > 0)
        return lines.changed(net=lines.net + np.where(dear, 500.0, 0.0))

    assert check(told(small, effect=0.0, spoil=giants), "beyond_the_ceiling").state == "look"


def test_a_few_who_buy_everything_need_more_members(terms, monkeypatch):
    """Too few bought before to set a ceiling, so one basket weighs as it is; of equal arms it weighs alike in both."""
    small = world.made(terms, share_held_out=0.2)
    monkeypatch.setattr("analytics.gathering.limits", lambda *_, **__: {})

    def whale(lines):
        at = np.flatnonzero(lines.inside & (lines.quantity > 0))[0]
        return lines.changed(net=np.where(np.arange(len(lines.net)) == at, 50_000.0, lines.net))

    body = told(small, effect=0.0, spoil=whale)
    assert check(body, "enough_members").state == "look"
    assert check(body, "beyond_the_ceiling").state == "unknown"


@pytest.mark.parametrize(("as_of", "word"), [(CLOSED, "was planned"), (SINCE + 5 * DAY, "every day")])
def test_it_is_said_how_often_it_may_be_read(small, as_of, word):
    assert word in check(told(small, as_of=as_of), "daily_looks").sentence


def send(small, *, later: dt.timedelta) -> None:
    """To all of the treated, and, so much later, in thought to the held out."""
    offer = small.run.offers.get()
    facts = {"run": small.run, "run_offer": offer, "channel": "email"}
    for model, state, inside, at in (
        (Delivery, "sent", small.treated, SINCE),
        (Ghost, "would_send", ~small.treated, SINCE + later),
    ):
        model.objects.bulk_create(
            model(member_id=int(member), state=state, at=at, **facts) for member in small.ids[inside]
        )


@pytest.mark.parametrize(("hours", "state"), [(0, "fine"), (30, "look")])
def test_arms_whose_messages_are_a_day_apart_are_looked_at(small, hours, state):
    small.decide()
    send(small, later=dt.timedelta(hours=hours))
    world.buy(small.shopping())
    assert check(freezing.freeze(small.run, as_of=CLOSED).told, "sent_alike").state == state


def test_where_members_were_chosen_there_is_no_result_to_be_careful_with(small):
    small.campaign.design = "targeted"
    small.campaign.save()
    body = told(small)
    assert OF_THE_RESULT & {each.name for each in body.checks} == set()
