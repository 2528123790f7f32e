"""Cases in which there is no number to give a verdict on, each with a sentence of its own."""

import pytest

from analytics import freezing
from campaigns.models import Campaign
from tests import making
from tests.analytics.conftest import AFTER, decide, decide_alike

pytestmark = pytest.mark.django_db


def verdict(run, as_of=AFTER):
    body = freezing.freeze(run, as_of=as_of).told
    assert body.verdict.word == "not_yet_known"
    return body.verdict.sentence


def test_before_the_window_there_is_nothing_to_compare(run):
    decide_alike(run)
    assert verdict(run, as_of=making.NOON) == "There is nothing to compare yet."


def test_if_all_are_held_out_there_is_nothing_to_compare(campaign, terms):
    run = making.run(campaign, terms, share_held_out=None)
    decide(run, [10, 20], held_out=True)
    assert verdict(run) == "There is nothing to compare yet."


def test_without_a_holdout_it_cannot_be_known(campaign, terms):
    run = making.run(campaign, terms, share_held_out=None)
    for arm in ("a", "b"):
        for _ in range(3):
            making.decision(run, making.member(), arm=arm)
    assert verdict(run).startswith("Nobody was held out")


def test_of_several_arms_none_stands_for_all(campaign, terms):
    Campaign.objects.update(imported=True)
    campaign.refresh_from_db()
    run = making.run(campaign, terms, share_held_out=None)
    for arm in ("a", "b", "held_out"):
        for spend in (5, 10):
            member = making.member()
            making.decision(run, member, arm=arm, held_out=arm == "held_out")
            making.purchase(member, at=making.NOON + making.DAY, net=str(spend), margin=str(spend))
    assert verdict(run).startswith("Several arms")


def test_without_margins_the_reason_is_given(run):
    decide(run, [10, 20, 0] * 10, held_out=False, margin=None)
    decide(run, [10, 20, 0] * 10, held_out=True)
    assert "20 of 40 purchase lines have no margin_amount" in verdict(run)
