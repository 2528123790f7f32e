from dataclasses import replace

import numpy as np

from config.demo.retailer import responses, till
from config.demo.retailer.events import CLICK, KINDS, OFFER_COMPLETED, OFFER_VIEWED, OPEN, VIEW, VISIT, Events, events
from config.demo.retailer.people import personalisation_refused
from config.demo.retailer.places import places
from config.demo.retailer.responses import Contacts
from config.demo.retailer.world import APP, STORE, World


def _events(world: World, sent: Contacts) -> Events:
    since, until = world.end - 28, world.end
    shopped = responses.shopping(world, sent, since=since, until=until)
    return events(world, sent, shopped, since=since, until=until)


def _count(happened: Events) -> dict[str, int]:
    return dict(zip(KINDS, np.bincount(happened.kind, minlength=len(KINDS)).tolist(), strict=True))


def test_messages_are_opened_by_those_who_notice_them_unless_refused(world: World, campaign: Contacts) -> None:
    happened = _events(world, campaign)
    openers = happened.member[happened.kind == OPEN]
    noticed = campaign.member[responses.noticed(world, campaign)]
    refused = set(np.flatnonzero(personalisation_refused(world)))
    assert set(openers) == set(noticed) - refused
    assert set(noticed) & refused


def test_clicks_are_by_openers(world: World, campaign: Contacts) -> None:
    happened = _events(world, campaign)
    assert set(happened.member[happened.kind == CLICK]) < set(happened.member[happened.kind == OPEN])


def test_a_card_in_the_app_is_seen_and_not_opened(world: World, campaign: Contacts) -> None:
    by_app = Contacts(campaign.member, campaign.offer, campaign.day, np.full(len(campaign), APP), campaign.minute)
    counts = _count(_events(world, by_app))
    assert counts["offer_viewed"] == _count(_events(world, campaign))["open"]
    assert counts["open"] == counts["click"] == 0


def test_every_redemption_is_an_event(world: World, campaign: Contacts) -> None:
    happened = _events(world, campaign)
    told = responses.shopping(world, campaign, since=world.end - 28, until=world.end)
    completed = happened.take(happened.kind == OFFER_COMPLETED)
    assert len(completed) == len(till.redeemed(told.lines)) > 100
    assert (completed.offer >= 0).all()


def test_nobody_reads_what_nobody_sent(world: World) -> None:
    kinds = set(_events(world, responses.nobody()).kind)
    assert kinds == {VISIT, VIEW}


def test_every_shop_away_from_the_stores_begins_with_a_visit_and_a_look_unless_refused(world: World) -> None:
    told = responses.shopping(world, responses.nobody(), since=world.end - 28, until=world.end)
    refused = personalisation_refused(world)[told.baskets.member]
    remote = int(((places(world, told.baskets).channel != STORE) & ~refused).sum())
    happened = _events(world, responses.nobody())
    assert (happened.kind == VISIT).sum() == (happened.kind == VIEW).sum() == remote > 100
    assert (happened.product[happened.kind == VIEW] >= 0).all()


def test_no_event_falls_out_of_its_day(world: World, campaign: Contacts) -> None:
    minute = _events(world, campaign).minute
    assert minute.min() >= 5 * 60
    assert minute.max() < 24 * 60


def test_nobody_reads_a_message_before_it_came(world: World, campaign: Contacts) -> None:
    in_the_evening = replace(campaign, minute=campaign.minute * 0 + 20 * 60)
    happened = _events(world, in_the_evening)
    read = happened.minute[np.isin(happened.kind, [OPEN, CLICK])]
    assert read.min() > 20 * 60
    assert read.max() < 24 * 60


def test_offer_viewed_has_its_name() -> None:
    assert KINDS[OFFER_VIEWED] == "offer_viewed"
