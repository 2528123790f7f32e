from decimal import Decimal

import numpy as np
import pytest

from campaigns.models import Campaign, Decision, Run
from campaigns.scoring.draws import NOTHING
from campaigns.training import log
from tests import making
from tests.campaigns.training.conftest import FIRST, LATER, WINDOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(shoppers, terms):
    """A run of ours: every fifth is held out, every fifth explores, the others get what was chosen for them."""
    campaign = making.campaign(share_held_out=Decimal("0.2"), share_explored=Decimal("0.25"))
    times = {"outcomes_from": FIRST, "outcomes_until": FIRST + WINDOW}
    run = making.run(campaign, *terms, state=Run.State.FINISHED, share_held_out=0.2, **times)
    points, leaflet = run.offers.order_by("position")
    for number, member in enumerate(shoppers[:200]):
        drawn = {"explored": True, "run_offer": leaflet if number % 2 else points}
        chosen = {0: {"arm": "held_out", "held_out": True}, 1: drawn}.get(number % 5, {"run_offer": points})
        Decision.objects.create(run=run, member=member, at=FIRST, **{"arm": "treated", "held_out": False} | chosen)
    return run


def read(at=LATER) -> log.Log:
    return log.read(at=at, report=lambda _: None)


def test_of_our_own_runs_those_held_out_and_those_who_explored_teach(own):
    (past,) = read().past
    assert len(past) == 80
    assert np.bincount(past.offer + 1).tolist() == [40, 20, 20]


def test_neither_the_generic_group_nor_who_takes_part_in_nothing_teaches(own, shoppers):
    """Which offer the one gets was no draw, and the others live without any campaign."""
    points = own.offers.get(position=0)
    apart = [{"arm": "generic", "offer": points}, {"arm": "universal", "held_out": True, "withheld": points}]
    for number, member in enumerate(shoppers[200:240]):
        making.decision(own, member, **apart[number % 2])
    (past,) = read().past
    assert len(past) == 80


def test_with_the_chances_of_their_draw(own):
    """h = 0.2 of nothing, and (1 - h) e = 0.2 of the offers, two of which are open to all."""
    (past,) = read().past
    assert past.chances.tolist() == [pytest.approx([0.25, 0.25])]
    assert past.is_plain


def test_a_run_of_ours_in_which_nobody_explored_teaches_nothing(own):
    Campaign.objects.update(share_explored=0)
    assert read().past == []


def test_a_run_whose_window_is_open_teaches_nothing(own):
    assert read(at=FIRST + WINDOW - making.DAY).past == []


def test_what_was_known_of_members_is_of_the_day_of_the_run(happened):
    happened(2, lambda buys_coffee, kind: np.zeros(len(kind)))
    days = [(past.day, past.everyone.as_of) for past in read().past]
    assert all(day == as_of for day, as_of in days)


def test_chances_of_another_tools_run_are_the_shares_it_gave(happened):
    happened(1, lambda buys_coffee, kind: np.zeros(len(kind)))
    (past,) = read().past
    (chances,) = past.chances
    assert chances.tolist() == [np.mean(past.offer == each) for each in (0, 1)]
    assert 1 - chances.sum() == pytest.approx(np.mean(past.offer == NOTHING))
