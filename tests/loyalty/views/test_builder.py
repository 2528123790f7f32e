"""Conditions on purchases and on events, as somebody puts them together on the page."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from loyalty import profiles
from loyalty.models import Event, Segment, Store
from tests import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

HTMX = {"HX-Request": "true"}
COUNTS = {**HTMX, "HX-Target": "reach"}
COFFEE = {
    "0:match": "all",
    "0.0:bought": "category",
    "0.0:was": "category",
    "0.0:named": "Coffee",
    "0.0:sought": "",
    "0.0:least": "1",
    "0.0:measure": "times",
    "0.0:days": "90",
    "0.0:channel": "",
}
OPENED = {"0:match": "all", "0.0:event": "open", "0.0:least": "1", "0.0:days": "", "0.0:channel": ""}
COFFEE_RULE = {"bought": "category", "named": ["Coffee"], "times": 1, "days": 90}


@pytest.fixture
def browser(as_, mara, settings, tmp_path):
    """Iris bought coffee twice, at North, Noa once online; Noa opened a message; Tom did neither."""
    settings.DATA = tmp_path
    north = Store.objects.create(ref="s-1", name="North")
    iris, noa = making.member(ref="iris"), making.member(ref="noa")
    making.member(ref="tom")
    beans = making.product(ref="p-1", name="House Blend", category="Coffee > Beans", brand="Alma")
    for who, where, days in ((iris, north, 3), (iris, north, 9), (noa, None, 5)):
        channel = "store" if where else "online"
        making.purchase(who, at=making.NOON - days * making.DAY, product=beans, channel=channel, store=where, net="12")
    Event.objects.create(ref="e1", member=noa, at=making.NOON - making.DAY, kind="open", channel="email")
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)
    return as_(mara)


def post(browser, fields, headers=HTMX, **changed):
    return browser.post(reverse("segment_new"), {**fields, **changed}, headers=headers)


def said(response):
    return html.unescape(response.content.decode())


def count(response):
    return response.context["reach"].matching


def test_the_blank_page_offers_what_was_bought_and_done(browser):
    page = browser.get(reverse("segment_new")).content.decode()
    assert 'value="bought:0"' in page
    assert 'value="event:0"' in page


@pytest.mark.parametrize(
    ("changed", "members"),
    [
        ({}, 2),
        ({"0.0:least": "2"}, 1),
        ({"0.0:least": "24", "0.0:measure": "amount"}, 1),
        ({"0.0:channel": "online"}, 1),
        ({"0.0:days": "4"}, 1),
        ({"0.0:store": "north"}, 1),
        ({"0.0:bought": "anything"}, 2),
        ({"0.0:bought": "brand", "0.0:was": "brand", "0.0:named": "Alma"}, 2),
        ({"0.0:bought": "product", "0.0:was": "product", "0.0:named": "p-1"}, 2),
    ],
)
def test_every_word_of_the_sentence_counts(browser, changed, members):
    assert count(post(browser, COFFEE, **changed)) == members


def test_events_count(browser):
    assert count(post(browser, OPENED)) == 1
    assert count(post(browser, OPENED, **{"0.0:least": "2"})) == 0


def test_a_fresh_condition_asks_for_a_name_and_counts_everybody(browser):
    response = post(browser, {"0:match": "all", "do": "bought:0"})
    assert "Choose one or more." in said(response)
    assert (count(response), response.context["focus"]) == (3, "0.0")


def test_a_name_that_is_typed_in_full_is_taken(browser):
    response = post(browser, COFFEE, **{"0.0:named": "", "0.0:sought": "beans"})
    assert 'name="0.0:named" value="Coffee > Beans"' in said(response)


@pytest.mark.parametrize("headers", [HTMX, COUNTS, {}], ids=["part", "counts", "page"])
def test_a_name_that_nothing_has_is_answered_by_what_may_be_meant(browser, headers):
    response = post(browser, COFFEE, headers, **{"0.0:sought": "cofee"})
    assert "Which one is “cofee”?" in said(response)
    assert 'value="name:0.0:Coffee"' in said(response)
    assert count(response) == 2


def test_products_are_shown_by_name_and_kept_by_reference(browser):
    response = post(browser, COFFEE, **{"0.0:bought": "product", "0.0:was": "product", "0.0:named": "p-1"})
    assert 'value="p-1">House Blend' in said(response)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"0.0:least": "soon"}, "“times” is a whole number"),
        ({"0.0:days": "soon"}, "“days” is a whole number"),
        ({"0.0:named": "Cofee"}, "There is no category “Cofee”: did you mean “Coffee”?"),
    ],
)
def test_what_cannot_be_read_is_named_in_its_condition_and_kept(browser, changed, sentence):
    response = post(browser, COFFEE, **changed)
    (node,) = response.context["nodes"]
    assert node.problem.startswith(sentence)
    assert next(iter(changed.values())) in said(response)


def test_a_store_that_there_is_not_is_answered_by_those_that_may_be_meant(browser):
    assert 'value="store:0.0:North"' in said(post(browser, COFFEE, **{"0.0:store": "Nort"}))
    assert count(post(browser, COFFEE, **{"0.0:store": "Nort", "do": "store:0.0:North"})) == 1


def test_what_was_bought_is_saved_and_opens_again_as_it_was(browser):
    post(browser, COFFEE, name="Coffee buyers", do="save")
    segment = Segment.objects.get()
    assert segment.current().rule == {"all": [COFFEE_RULE]}
    page = said(browser.get(reverse("segment", args=[segment.pk])))
    assert 'name="0.0:named" value="Coffee"' in page
    assert count(browser.get(reverse("segment", args=[segment.pk]))) == 2


def test_a_beginning_that_means_nothing_yet_is_not_saved(browser):
    response = post(browser, COFFEE, name="Coffee buyers", do="save", **{"0.0:sought": "cofee"})
    assert "Choose what you mean by “cofee”, or remove it." in said(response)
    assert not Segment.objects.exists()


def test_what_was_taken_out_can_be_put_back(browser):
    removed = post(browser, COFFEE, do="remove:0.0")
    assert "Taken out." in said(removed)
    back = post(browser, {"0:match": "all", "do": "undo", "taken_out": removed.context["taken_out"]})
    assert (count(removed), count(back)) == (3, 2)
    assert 'name="0.0:named" value="Coffee"' in said(back)


def test_why_a_member_is_in_is_told_by_what_they_bought(browser):
    answer = post(browser, COFFEE, ask="iris").context["answer"]
    assert answer.holds
    assert "Coffee" in answer.sentence


def test_a_condition_on_what_is_gone_can_be_opened_and_mended(browser):
    post(browser, OPENED, name="Openers", do="save")
    segment = Segment.objects.get()
    gone = {"all": [{"event": "waved", "times": 1}, {**COFFEE_RULE, "channel": "fax"}]}
    segment.versions.update(rule=gone)
    response = browser.get(reverse("segment", args=[segment.pk]))
    assert [bool(node.problem) for node in response.context["nodes"]] == [True, True]
    assert '<option value="waved" selected>' in said(response)
    assert '<option value="fax" selected>' in said(response)
