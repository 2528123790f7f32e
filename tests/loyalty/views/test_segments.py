import datetime as dt
import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from loyalty import profiles, roles
from loyalty.models import Segment
from loyalty.segmentation import protecting
from tests import making
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

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
    assert b"build profiles of them" in browser.get(reverse("segment_new")).content


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


BELONGING = {**POSTED, "name": "Very recent", "0.1:segment": ""}


def rule_of(segment):
    return segment.current().rule["all"]


def test_another_segment_is_added_by_its_name(browser, saved):
    response = browser.post(reverse("segment_new"), {**POSTED, "do": "segment:0"})
    assert response.context["focus"] == "0.1"
    assert f'<option value="{saved.pk}" >Recent</option>' in response.content.decode()
    assert b"Choose a segment." in response.content


def test_a_segment_that_was_not_chosen_is_asked_for_before_saving(browser, saved):
    response = browser.post(reverse("segment_new"), {**BELONGING, "do": "save"})
    assert "Choose a segment, or remove it." in response.content.decode()


def test_another_segment_counts_and_is_saved_by_its_number(browser, saved):
    asked = {**BELONGING, "0.0:value": "3", "0.1:segment": saved.pk}
    response = browser.post(reverse("segment_new"), asked, headers=HTMX)
    assert response.context["reach"].matching == 1
    assert "in the segment “Recent”" in response.content.decode()
    browser.post(reverse("segment_new"), {**asked, "do": "save"})
    assert rule_of(Segment.objects.get(name="Very recent"))[1] == {"segment": saved.pk}


def test_a_segment_says_which_others_ask_for_it(browser, saved):
    browser.post(reverse("segment_new"), {**BELONGING, "0.1:segment": saved.pk, "do": "save"})
    page = browser.get(reverse("segment", args=[saved.pk])).content.decode()
    assert "Other segments ask for this one" in page
    assert ">Very recent</a>" in page


def test_a_segment_in_itself_is_refused_where_it_was_chosen(browser, saved):
    asked = {**BELONGING, "0.1:segment": saved.pk}
    response = browser.post(reverse("segment", args=[saved.pk]), asked, headers=HTMX)
    assert response.context["nodes"][1].problem.startswith("“Recent” asks for “Recent”")


def test_why_a_member_is_out_is_told_through_another_segment(browser, saved):
    making.purchase(making.member(ref="m-late"), at=making.NOON - 90 * making.DAY, product=making.product())
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)
    asked = {"0:match": "all", "0.0:segment": saved.pk, "ask": "m-late"}
    said = browser.post(reverse("segment_new"), asked).context["answer"].sentence
    assert said == "Not in the segment “Recent”: (Days since last purchase is 91, which is not at most 10)."


def test_versions_say_what_changed(browser, saved):
    changed = {**POSTED, "0.0:value": "50", "0.1:was": "age", "0.1:feature": "age", "0.1:is": "known"}
    browser.post(reverse("segment", args=[saved.pk]), {**changed, "do": "save"})
    newest, first = browser.get(reverse("segment", args=[saved.pk])).context["versions"]
    assert [(each.verb, each.was, each.now) for each in newest.changes] == [
        ("changed", "Days since last purchase is at most 10", "Days since last purchase is at most 50"),
        ("added", "", "Age (at least) is known"),
    ]
    assert first.changes == ()


@pytest.mark.parametrize(("feature", "marked"), [("age", True), ("recency_days", False)])
def test_a_sensitive_detail_is_marked_in_the_rule_and_in_the_list_with_what_that_means(browser, built, feature, marked):
    posted = {"name": "By age", "0:match": "all", "0.0:was": feature, "0.0:feature": feature, "0.0:is": "known"}
    page = browser.post(reverse("segment_new"), {**posted, "do": "save"}, follow=True)
    for shown in (page, browser.get(reverse("segments"))):
        assert (b"Sensitive" in shown.content) == marked
        assert (protecting.MEANING in words(shown)) == marked


def test_a_sensitive_detail_is_marked_by_way_of_another_segment_too(browser, built):
    posted = {"name": "By age", "0:match": "all", "0.0:was": "age", "0.0:feature": "age", "0.0:is": "known"}
    browser.post(reverse("segment_new"), {**posted, "do": "save"})
    response = browser.post(reverse("segment_new"), {"0:match": "all", "0.0:segment": Segment.objects.get().pk})
    assert response.context["sensitive"] == ("Age (at least)",)


def test_overlap_is_counted_once_it_is_asked_for_and_follows_every_change(browser, saved):
    fresh = browser.get(reverse("segment_new"))
    asked = browser.post(reverse("segment_new"), {"0:match": "all", "do": "overlap"}, headers=COUNTS)
    changed = browser.post(reverse("segment_new"), {**POSTED, "0.0:value": "3", "shown": "overlap"}, headers=COUNTS)
    assert fresh.context["overlaps"] is None
    assert b'name="shown" value="overlap"' in asked.content
    found = [[(each.segment, each.both) for each in shown.context["overlaps"]] for shown in (asked, changed)]
    assert found == [[(saved, 2)], [(saved, 1)]]


def test_some_members_are_shown_with_the_reason_once_they_are_asked_for(browser, built):
    assert browser.get(reverse("segment_new")).context["sample"] is None
    asked = browser.post(reverse("segment_new"), {**POSTED, "do": "sample"}, headers=COUNTS)
    changed = browser.post(reverse("segment_new"), {**POSTED, "0.0:value": "3", "shown": "sample"}, headers=COUNTS)
    said = [[member.why for member in shown.context["sample"]] for shown in (asked, changed)]
    assert said[1] == ["Days since last purchase is 3, which is at most 3."]
    assert len(said[0]) == 2


def test_a_rule_comes_as_a_file_under_its_name(browser, saved):
    response = browser.get(reverse("segment_rule", args=[saved.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="recent.json"'
    assert (response.json()["name"], response.json()["rule"]) == ("Recent", saved.current().rule)


@pytest.mark.parametrize("way", ["file", "text"])
def test_a_rule_that_is_brought_is_shown_and_not_saved(browser, saved, way):
    content = browser.get(reverse("segment_rule", args=[saved.pk])).content
    brought = SimpleUploadedFile("recent.json", content) if way == "file" else content.decode()
    response = browser.post(reverse("segment_new"), {"do": "bring", way: brought})
    assert "The file says: Days since last purchase is at most 10." in response.content.decode()
    assert (response.context["name"], response.context["reach"].matching) == ("Recent", 2)
    assert Segment.objects.count() == 1


def test_a_rule_brought_into_a_segment_keeps_its_name(browser, saved):
    response = browser.post(
        reverse("segment", args=[saved.pk]), {"do": "bring", "text": '{"name": "X", "rule": {"all": []}}'}
    )
    assert response.context["name"] == "Recent"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"feature": "tier", "is": "equals", "value": "Platinum"}', "“Tier” is never “Platinum”"),
        ('{"feature": "shoe_size", "is": "known"}', "There is no feature “shoe_size”"),
        ('{"rule": {"all": [{"segment": "Their own"}]}}', "There is no segment “Their own” that a rule can ask for"),
        ('{"not":' * 200 + '{"all": []}' + "}" * 200, "make it smaller"),
        ("hello", "This is not JSON"),
    ],
)
def test_a_rule_in_another_shops_words_is_refused_by_the_word_and_kept(browser, built, text, sentence):
    response = browser.post(reverse("segment_new"), {"do": "bring", "text": text})
    page = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert sentence in page
    assert text in page


def test_counting_asks_a_few_questions_however_many_conditions_there_are(browser, saved, django_assert_max_num_queries):
    rows = {f"0.{number}:segment": saved.pk for number in range(20)}
    with django_assert_max_num_queries(14):
        browser.post(reverse("segment_new"), {"0:match": "all", **rows}, headers=COUNTS)


# -- two who change one segment ----------------------------------------------------------------------------------------


@pytest.fixture
def overtaken(browser, saved, as_, milo):
    """Mara opened version 1; Milo saved version 2; Mara saves hers."""
    address = reverse("segment", args=[saved.pk])
    opened = browser.get(address).context["version"]
    as_(milo).post(address, {**POSTED, "0.0:value": "50", "version": opened, "do": "save"})
    return browser.post(address, {**POSTED, "0.0:value": "30", "version": opened, "do": "save"})


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(overtaken, saved):
    assert overtaken.status_code == 409
    assert "saved version 2 while you changed version 1: look at both changes" in html.unescape(words(overtaken))
    assert saved.current().rule["all"][0]["value"] == 50


def test_both_changes_are_shown(overtaken):
    said = html.unescape(words(overtaken))
    assert "Theirs Changed Days since last purchase is at most 10 to Days since last purchase is at most 50" in said
    assert "Yours Changed Days since last purchase is at most 10 to Days since last purchase is at most 30" in said


def test_saving_again_after_that_is_the_next_version(overtaken, browser, saved):
    shown = re.search(r'name="version" value="(\d+)"', overtaken.content.decode())[1]
    again = {**POSTED, "0.0:value": "30", "version": shown, "do": "save"}
    assert browser.post(reverse("segment", args=[saved.pk]), again).status_code == 302
    assert [each.number for each in saved.versions.all()] == [3, 2, 1]


def test_counting_in_between_does_not_hide_that_somebody_saved(browser, saved):
    address = reverse("segment", args=[saved.pk])
    browser.post(address, {**POSTED, "0.0:value": "50", "version": "1", "do": "save"})
    counted = browser.post(address, {**POSTED, "version": "1"}, headers=HTMX).content.decode()
    assert 'name="version" value="1"' in counted


def test_the_same_rule_saved_by_both_is_no_conflict(browser, saved):
    address = reverse("segment", args=[saved.pk])
    for _ in range(2):
        answer = browser.post(address, {**POSTED, "0.0:value": "50", "version": "1", "do": "save"})
        assert answer.status_code == 302
    assert saved.versions.count() == 2
