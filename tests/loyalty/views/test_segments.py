import datetime as dt

import pytest
from django.urls import reverse

from loyalty import profiles, roles
from loyalty.models import Segment
from tests import making

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
COUNTS = {**HTMX, "HX-Target": "reach"}
POSTED = {
    "name": "Recent",
    "0:match": "all",
    "0.0:was": "recency_days",
    "0.0:feature": "recency_days",
    "0.0:is": "at_most",
    "0.0:value": "10",
}


@pytest.fixture
def built(settings, tmp_path):
    settings.DATA = tmp_path
    for days in (2, 5, 40):
        making.purchase(making.member(), at=making.NOON - days * making.DAY, product=making.product())
    return profiles.build(dt.date(2026, 3, 3), at=making.NOON)


@pytest.fixture
def browser(as_, mara):
    return as_(mara)


@pytest.fixture
def saved(browser, built):
    browser.post(reverse("segment_new"), {**POSTED, "do": "save"})
    return Segment.objects.get()


def test_without_profiles_the_page_says_what_to_load(browser):
    assert b"build a snapshot" in browser.get(reverse("segment_new")).content


def test_an_empty_list_leads_to_the_builder(browser):
    assert b"No segments yet" in browser.get(reverse("segments")).content


def test_the_list_says_who_is_in(browser, saved):
    assert b"Days since last purchase is at most 10" in browser.get(reverse("segments")).content


def test_the_list_asks_no_question_per_segment(browser, built, django_assert_max_num_queries):
    for number in range(8):
        browser.post(reverse("segment_new"), {**POSTED, "name": f"Recent {number}", "do": "save"})
    with django_assert_max_num_queries(9):
        browser.get(reverse("segments"))


def test_a_new_segment_begins_with_everybody(browser, built):
    assert browser.get(reverse("segment_new")).context["reach"].matching == 3


def test_the_count_follows_every_change(browser, built):
    response = browser.post(reverse("segment_new"), POSTED, headers=HTMX)
    assert response.context["reach"].matching == 2
    assert b"<html" not in response.content


def test_typing_brings_counts_and_leaves_the_conditions_alone(browser, built):
    response = browser.post(reverse("segment_new"), POSTED, headers=COUNTS)
    assert b'id="reach"' in response.content
    assert b'id="n0-0" hx-swap-oob="true"' in response.content
    assert b'name="0.0:value"' not in response.content


def test_a_condition_is_added_by_its_name(browser, built):
    response = browser.post(reverse("segment_new"), {**POSTED, "do": ["", "add:0:lifecycle"]})
    assert b'value="lapsing"' in response.content
    assert response.context["focus"] == "0.1"


def test_a_segment_is_saved_with_its_rule_and_its_count(saved):
    version = saved.current()
    assert (version.number, version.matching, version.saved_by.first_name) == (1, 2, "Mara")
    assert version.rule == {"all": [{"feature": "recency_days", "is": "at_most", "value": 10.0}]}


def test_saving_leads_to_the_segment_and_says_so(browser, built):
    response = browser.post(reverse("segment_new"), {**POSTED, "do": "save"}, follow=True)
    assert response.redirect_chain == [(reverse("segment", args=[Segment.objects.get().pk]), 302)]
    assert b"Saved: Recent (version 1)." in response.content


def test_saving_with_htmx_leads_to_the_segment_too(browser, built):
    response = browser.post(reverse("segment_new"), {**POSTED, "do": "save"}, headers=HTMX)
    assert response["HX-Redirect"] == reverse("segment", args=[Segment.objects.get().pk])


def test_saving_a_changed_rule_makes_a_new_version_and_keeps_the_old(browser, saved):
    browser.post(reverse("segment", args=[saved.pk]), {**POSTED, "0.0:value": "50", "do": "save"})
    assert [(each.number, each.matching) for each in saved.versions.all()] == [(2, 3), (1, 2)]


def test_saving_an_unchanged_rule_makes_no_version(browser, saved):
    browser.post(reverse("segment", args=[saved.pk]), {**POSTED, "do": "save"})
    assert saved.versions.count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, b"Give the segment a name"),
        ({"0.1:was": "lifecycle", "0.1:feature": "lifecycle", "0.1:is": "in"}, b"Choose a value for Lifecycle stage"),
        ({"0.0:value": "soon"}, b"needs a number"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_stays_as_it_was_entered(browser, built, changed, sentence):
    response = browser.post(reverse("segment_new"), {**POSTED, **changed, "do": "save"})
    assert response.status_code == 409
    assert sentence in response.content
    assert changed.get("0.0:value", "10").encode() in response.content
    assert not Segment.objects.exists()


def test_a_name_that_is_taken_is_refused(browser, saved):
    response = browser.post(reverse("segment_new"), {**POSTED, "do": "save"})
    assert "There is a segment called “Recent” already" in response.content.decode()


def test_a_value_that_is_no_number_is_named_and_nothing_is_lost(browser, built):
    response = browser.post(reverse("segment_new"), {**POSTED, "0.0:value": "soon"})
    assert "“Days since last purchase” needs a number" in response.content.decode()
    assert b'value="soon"' in response.content


def test_a_member_who_is_out_is_told_from_one_who_is_in(browser, built):
    ref = "m-who"
    making.purchase(making.member(ref=ref), at=making.NOON - 90 * making.DAY, product=making.product())
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)
    asked = [browser.post(reverse("segment_new"), {**POSTED, "ask": ref, "0.0:value": days}) for days in ("10", "99")]
    assert [response.context["answer"].holds for response in asked] == [False, True]
    assert b"Not in" in asked[0].content
    assert b"which is not at most 10" in asked[0].content


def test_a_reference_that_nobody_has_is_refused_and_the_count_goes_on(browser, built):
    response = browser.post(reverse("segment_new"), {**POSTED, "ask": "nobody"})
    assert b"There is no member nobody" in response.content
    assert response.context["reach"].matching == 2


def test_a_rule_on_a_feature_that_is_gone_can_be_opened_and_mended(browser, saved):
    saved.versions.update(rule={"all": [{"feature": "attr_gone", "is": "equals", "value": "red"}]})
    response = browser.get(reverse("segment", args=[saved.pk]))
    assert "There is no feature “attr_gone”" in response.content.decode()


def test_a_segment_that_nobody_made_is_not_found(browser, built):
    assert browser.get(reverse("segment", args=[1])).status_code == 404


def test_only_a_marketer_saves(as_, noor, built):
    response = as_(noor).post(reverse("segment_new"), {**POSTED, "do": "save"})
    assert response.status_code == 403
    assert roles.MARKETER.encode() in response.content
    assert not Segment.objects.exists()


def test_anyone_logged_in_may_count(as_, noor, built):
    response = as_(noor).post(reverse("segment_new"), POSTED)
    assert response.context["reach"].matching == 2
    assert b'value="save"' not in response.content
