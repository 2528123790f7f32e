import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns import steps
from campaigns.models import Campaign
from loyalty import clock
from loyalty.models import Segment
from tests import making
from tests.campaigns.conftest import TODAY
from tests.reading import words

pytestmark = pytest.mark.django_db

BRIEF = {
    "name": "Summer",
    "hypothesis": "They buy more.",
    "primary_metric": "spend",
    "exit_criterion": "No lift.",
}


# What a browser sends of a step that nobody touched.
LIMITS = {"contact_cost": "0", "offers_each": "1", "contact_days": "7"}
HOLDOUT = {"per_cent": "10", "outcome_days": "14", "per_cent_explored": "5"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("loyalty.clock.now", lambda: making.NOON)


@pytest.fixture
def spring(mara):
    return making.campaign(ref="spring", name="Spring", created_by=mara)


@pytest.fixture
def offers(mara, abel):
    return [making.approved_terms(author=mara, approver=abel, name=name).offer for name in ("Beans", "Cups")]


@pytest.fixture
def segment():
    return Segment.objects.create(name="Everybody", created_at=making.NOON)


@pytest.fixture
def show(as_, mara, spring):
    return lambda name: as_(mara).get(reverse("campaign_step", args=[spring.ref, name]))


@pytest.fixture
def save(as_, mara, spring):
    """Leave a step as Mara; the campaign then holds what was saved."""

    def leave(name, /, **entered):
        response = as_(mara).post(reverse("campaign_step", args=[spring.ref, name]), entered)
        spring.refresh_from_db()
        return response

    return leave


@pytest.mark.parametrize("step", steps.STEPS, ids=lambda step: step.name)
def test_each_step_asks_its_question(show, step, segment, offers):
    assert f"{step.label}: {step.question}" in words(show(step.name))


@pytest.mark.parametrize(("name", "following"), [("brief", "audience"), ("limits", "holdout"), ("dates", None)])
def test_each_step_is_followed_by_the_next_and_the_last_by_the_review(name, following):
    assert steps.after(name) == following


def test_the_brief_is_saved_and_the_audience_follows(save, spring):
    assert save("brief", **BRIEF).url == reverse("campaign_step", args=[spring.ref, "audience"])
    assert {name: getattr(spring, name) for name in BRIEF} == BRIEF


def test_what_offers_go_by_is_saved_with_its_weight(save, spring):
    assert save("brief", **BRIEF, objective="retention", retention_weight="2.5").status_code == 302
    assert (spring.objective, spring.retention_weight) == ("retention", Decimal("2.5"))


def test_a_brief_may_be_left_unfinished(save, spring):
    assert save("brief", name="Summer").status_code == 302
    assert spring.name == "Summer"


def test_the_audience_is_saved(save, spring, segment):
    save("audience", segment=segment.pk, channels=["email", "app"])
    assert (spring.segment, spring.channels) == (segment, ["email", "app"])


def test_offers_are_saved(save, spring, offers):
    save("offers", offers=[each.pk for each in offers])
    assert set(spring.offers.values_list("offer", flat=True)) == {each.pk for each in offers}


def test_limits_are_saved_for_the_campaign_and_for_each_offer(save, spring, offers):
    beans, _ = offers
    save("offers", offers=[beans.pk])
    own = {f"least_{beans.pk}": "2", f"limit_{beans.pk}": "5", f"budget_{beans.pk}": "9.50"}
    save("limits", **LIMITS | {"total_budget": "100", "contact_limit": "50", "contact_cost": "0.1"}, **own)
    assert (spring.total_budget, spring.contact_limit, spring.contact_cost) == (100, 50, Decimal("0.1"))
    assert list(spring.offers.values_list("least", "limit", "budget")) == [(2, 5, Decimal("9.5"))]


def test_what_one_member_may_get_and_a_channel_can_carry_is_saved(save, spring):
    save(
        "limits", **LIMITS | {"offers_each": "3", "contacts_per_member": "4", "contact_days": "30"}, capacity_email="9"
    )
    assert (spring.offers_each, spring.contacts_per_member, spring.contact_days) == (3, 4, 30)
    assert spring.capacities == {"email": 9}


def test_an_empty_limit_means_none(save, spring):
    save("limits", **LIMITS, total_budget="", contact_limit="", contacts_per_member="", capacity_email="")
    assert (spring.total_budget, spring.contact_limit, spring.contacts_per_member) == (None, None, None)
    assert spring.capacities == {}


def test_the_holdout_is_entered_in_per_cent(save, spring):
    save("holdout", per_cent="12.5", outcome_days="21", per_cent_explored="7.5")
    assert (spring.share_held_out, spring.outcome_days) == (Decimal("0.125"), 21)
    assert spring.share_explored == Decimal("0.075")


def test_the_last_day_is_part_of_the_campaign(save, spring):
    assert save("dates", starts_on="2026-03-02", ends_on="2026-03-08").url == reverse(
        "campaign_review", args=[spring.ref]
    )
    assert (spring.starts_at, spring.ends_at) == (clock.start_of(TODAY), clock.start_of(dt.date(2026, 3, 9)))
    assert spring.last_day == dt.date(2026, 3, 8)


@pytest.mark.parametrize(
    ("name", "entered", "kept"),
    [
        ("brief", {**BRIEF, "name": ""}, "They buy more."),
        ("brief", {**BRIEF, "primary_metric": "clicks"}, "They buy more."),
        ("brief", {**BRIEF, "retention_weight": "-1"}, "nobody counts less"),
        ("audience", {"channels": ["app"]}, 'value="app" id="id_channels_1" checked'),
        ("limits", LIMITS | {"total_budget": "much"}, 'value="much"'),
        ("limits", LIMITS | {"total_budget": "-1"}, 'value="-1"'),
        ("limits", LIMITS | {"contact_cost": "-0.5"}, 'value="-0.5"'),
        ("limits", LIMITS | {"contact_limit": "-7"}, 'value="-7"'),
        ("limits", LIMITS | {"offers_each": "0", "contact_cost": "3.25"}, 'value="3.25"'),
        ("limits", LIMITS | {"contacts_per_member": "0"}, 'name="contacts_per_member" value="0"'),
        ("limits", LIMITS | {"contact_days": "", "contact_cost": "3.25"}, 'value="3.25"'),
        ("limits", LIMITS | {"capacity_email": "-4"}, 'value="-4"'),
        ("holdout", HOLDOUT | {"per_cent": "0", "outcome_days": "33"}, 'value="33"'),
        ("holdout", HOLDOUT | {"per_cent": "91"}, 'value="91"'),
        ("holdout", HOLDOUT | {"per_cent": "12", "outcome_days": "0"}, 'value="12"'),
        ("holdout", HOLDOUT | {"per_cent_explored": "51"}, 'value="51"'),
        ("holdout", HOLDOUT | {"per_cent_explored": "", "outcome_days": "33"}, 'value="33"'),
        ("dates", {"starts_on": "2026-03-08", "ends_on": "2026-03-02"}, 'value="2026-03-08"'),
        ("dates", {"starts_on": "soon", "ends_on": "2026-03-02"}, 'value="soon"'),
    ],
)
def test_what_was_entered_is_kept_when_it_is_refused(save, segment, name, entered, kept):
    response = save(name, **entered)
    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode()
    assert kept in response.content.decode()


@pytest.mark.parametrize(
    ("name", "entered"),
    [
        ("brief", {**BRIEF, "name": ""}),
        ("limits", LIMITS | {"total_budget": "-1", "contact_cost": "9"}),
        ("offers", {}),
    ],
)
def test_a_refused_step_changes_nothing(save, spring, offers, name, entered):
    before = Campaign.objects.values().get()
    assert save(name, **entered).status_code == 422
    assert Campaign.objects.values().get() == before


def test_a_limit_below_zero_for_an_offer_is_refused(save, spring, offers):
    save("offers", offers=[offers[0].pk])
    assert save("limits", **LIMITS, **{f"limit_{offers[0].pk}": "-1"}).status_code == 422


def test_limits_that_cannot_hold_together_are_refused_by_name_and_kept_as_entered(save, spring, offers):
    save("offers", offers=[offers[0].pk])
    response = save("limits", **LIMITS, **{f"least_{offers[0].pk}": "9", f"limit_{offers[0].pk}": "4"})
    assert response.status_code == 422
    assert "Beans: the minimum of 9 members is above its limit of 4." in words(response)
    assert 'value="9"' in response.content.decode()
    assert list(spring.offers.values_list("least", "limit")) == [(None, None)]


def test_every_field_of_the_limits_says_in_which_unit(show):
    page = words(show("limits"))
    for unit in ("EUR", "offers", "days", "messages"):
        assert unit in page


def test_a_new_draft_draws_for_some_members(as_, mara):
    as_(mara).post(reverse("campaign_new"), {"name": "Autumn"})
    assert Campaign.objects.get().share_explored == Decimal("0.05")


def test_choosing_no_offer_is_refused_with_what_to_do(save, offers):
    assert "Choose at least one offer." in words(save("offers"))


def test_a_last_day_before_the_first_is_refused_with_what_to_do(save):
    page = words(save("dates", starts_on="2026-03-08", ends_on="2026-03-02"))
    assert "The last day is before the first: choose a later one." in page


def test_only_offers_with_approved_terms_valid_today_can_be_chosen(show, offers, mara, abel):
    making.approved_terms(author=mara, approver=abel, name="Later", valid_from=TODAY + dt.timedelta(days=1))
    page = words(show("offers"))
    assert ("Beans" in page, "Later" in page) == (True, False)


@pytest.mark.parametrize(
    ("name", "said"), [("offers", "No approved offers are valid today"), ("audience", "There are no segments yet")]
)
def test_a_step_with_nothing_to_choose_says_what_to_make_first(show, name, said):
    assert said in words(show(name))


def test_a_step_shows_what_was_saved(save, show):
    save("holdout", **HOLDOUT | {"per_cent": "12.5"})
    assert 'value="12.5"' in show("holdout").content.decode()


def begun_at(page):
    """The names of the fields that have the focus when the page opens."""
    return re.findall(r'name="([^"]+)"[^>]* autofocus', page.content.decode())


def test_a_step_begins_at_what_is_empty_and_needed(save, show):
    save("brief", name="Summer", hypothesis="They buy more.")
    assert begun_at(show("brief")) == ["primary_metric"]


def test_a_step_that_lacks_nothing_begins_at_its_start(show):
    assert begun_at(show("limits")) == ["total_budget"]


def test_a_refused_step_begins_at_what_is_said_of_it(save):
    assert begun_at(save("limits", **LIMITS | {"offers_each": "0"})) == []


def test_offers_that_were_chosen_come_first(save, show, offers):
    _, cups = offers
    save("offers", offers=[cups.pk])
    assert [terms.name for _, terms in show("offers").context["form"].rows()] == ["Cups", "Beans"]


def test_limits_of_an_offers_own_terms_are_hinted_at(save, show, mara, abel):
    scarce = making.approved_terms(author=mara, approver=abel, limit_total=4_000, budget=Decimal(90)).offer
    save("offers", offers=[scarce.pk])
    fields = show("limits").context["form"].fields
    hints = [fields[f"{name}_{scarce.pk}"].widget.attrs.get("placeholder") for name in ("least", "limit", "budget")]
    assert hints == [None, "4,000", "90"]


def test_today_is_proposed_to_begin_on_until_another_day_is_saved(save, show):
    assert show("dates").context["form"]["starts_on"].value() == TODAY
    save("dates", starts_on="2026-04-01", ends_on="2026-04-09")
    assert show("dates").context["form"]["starts_on"].value() == dt.date(2026, 4, 1)


@pytest.mark.parametrize("name", ["audience", "holdout", "dates"])
def test_what_a_step_lacks_is_asked_for_in_words_of_its_own(save, segment, name):
    page = words(save(name))
    assert "This field is required" not in page
    assert "This was not saved." in page


def test_the_steps_tell_what_is_done_and_what_is_to_do(save, show):
    save("brief", **BRIEF)
    told = {name: state for name, _, state in show("holdout").context["steps"]}
    assert told == {
        "brief": "done",
        "audience": "todo",
        "offers": "todo",
        "limits": "done",
        "holdout": "current",
        "dates": "todo",
        "review": "todo",
    }


def test_the_review_calls_what_is_missing_a_problem(save, as_, mara, spring):
    save("brief", **BRIEF)
    response = as_(mara).get(reverse("campaign_review", args=[spring.ref]))
    assert {name for name, _, state in response.context["steps"] if state == "problem"} == {
        "audience",
        "offers",
        "dates",
    }


def test_a_step_tells_how_far_the_saved_plan_reaches(as_, mara, draft):
    response = as_(mara).get(reverse("campaign_step", args=[draft.ref, "holdout"]))
    assert "All members 60 In the segment 60 May be contacted 54 Not held out, about 43" in words(response)


def test_a_draft_goes_on_at_its_first_unfinished_step(as_, mara, save, spring):
    save("brief", **BRIEF)
    response = as_(mara).get(reverse("campaign", args=[spring.ref]))
    assert response.url == reverse("campaign_step", args=[spring.ref, "audience"])


def test_a_reader_of_a_draft_is_led_to_its_plan_which_may_be_read(as_, noor, spring):
    response = as_(noor).get(reverse("campaign", args=[spring.ref]), follow=True)
    assert response.redirect_chain == [(reverse("campaign_review", args=[spring.ref]), 302)]
    assert response.status_code == 200


def test_a_complete_draft_goes_on_at_its_review(as_, mara, draft):
    assert as_(mara).get(reverse("campaign", args=[draft.ref])).url == reverse("campaign_review", args=[draft.ref])


def test_a_launched_campaign_leads_to_its_run(as_, mara, spring):
    Campaign.objects.update(state=Campaign.State.RUNNING)
    run = making.run(spring)
    assert as_(mara).get(reverse("campaign", args=[spring.ref])).url == reverse("run", args=[run.pk])


def test_a_launched_campaign_refuses_a_change_and_keeps_what_was_entered(save, spring):
    Campaign.objects.update(state=Campaign.State.RUNNING)
    response = save("brief", **BRIEF)
    assert response.status_code == 422
    assert "Spring is running: its plan was fixed at launch." in words(response)
    assert "They buy more." in response.content.decode()
    assert spring.name == "Spring"


@pytest.mark.parametrize("name", ["review", "nothing"])
def test_a_step_that_is_not_one_is_not_found(show, name):
    assert show(name).status_code == 404


@pytest.mark.parametrize("route", ["campaign", "campaign_review"])
def test_an_unknown_campaign_is_not_found(as_, mara, route):
    assert as_(mara).get(reverse(route, args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_a_marketer_builds(as_, abel, spring, method):
    response = getattr(as_(abel), method)(reverse("campaign_step", args=[spring.ref, "brief"]), BRIEF)
    assert response.status_code == 403
    assert Campaign.objects.get().name == "Spring"


def test_a_draft_is_discarded(as_, mara, spring):
    assert as_(mara).post(reverse("campaign_discard", args=[spring.ref])).url == reverse("campaigns")
    assert not Campaign.objects.exists()


def test_a_launched_campaign_is_not_discarded_and_says_so(as_, mara, spring):
    Campaign.objects.update(state=Campaign.State.RUNNING)
    response = as_(mara).post(reverse("campaign_discard", args=[spring.ref]), follow=True)
    assert "its plan was fixed at launch" in words(response)
    assert Campaign.objects.exists()


def test_only_a_marketer_discards(as_, noor, spring):
    assert as_(noor).post(reverse("campaign_discard", args=[spring.ref])).status_code == 403
