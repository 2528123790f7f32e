import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError

from analytics.body import Effect, Estimate
from analytics.models import Making
from campaigns.models import Campaign, Run
from tests import making
from tests.analytics import bodies
from tests.analytics.conftest import AFTER, decide_alike
from tests.reading import PART, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

OPEN = {"as_of": making.NOON + 5 * making.DAY}
NOT_CAUSAL = {
    "causal": False,
    "verdict": replace(bodies.UNKNOWN, word="not_causal", settles=()),
    "judged": (bodies.judged(arm="treated", versus="not in the campaign", headline=bodies.effect(30, half=2)),),
}


@pytest.fixture
def read(as_, noor, run):
    """The page of such a body, as someone without any role reads it."""

    def read(body=None):
        if body:
            bodies.frozen(run, body)
        return as_(noor).get(reverse("report", args=[run.campaign.ref]))

    return read


@pytest.mark.parametrize(
    ("verdict", "said"), [(bodies.PAYS, "Pays +€0.21 margin per member (€0.09 to €0.33)"), (bodies.UNKNOWN, "Not yet")]
)
def test_the_report_begins_with_the_verdict_in_money(read, verdict, said):
    page = words(read(bodies.body(verdict=verdict)))
    assert page.index(said) < page.index(verdict.sentence)


def test_three_answers_come_before_every_check_and_metric(read):
    page = words(read(bodies.body()))
    places = [
        page.index(said) for said in ("Did it pay?", "What to do next", "How sure are we?", "Can it be believed?")
    ]
    assert [*places, page.index("Every metric")] == sorted([*places, page.index("Every metric")])


def test_what_would_settle_it_is_said(read):
    assert "it takes 9 more days or a holdout of 20 %." in words(read(bodies.body(verdict=bodies.UNKNOWN)))


def test_an_interval_across_zero_is_called_both_gain_and_loss(read):
    across = (bodies.judged(headline=bodies.effect(0.1, half=0.5)),)
    assert "holds both gain and loss" in words(read(bodies.body(judged=across)))


def test_an_interval_above_zero_is_not(read):
    """The control of the test above."""
    assert "both gain and loss" not in words(read(bodies.body()))


def test_while_outcomes_count_the_interval_is_the_one_that_allows_looking(read):
    page = words(read(bodies.body(**OPEN)))
    assert "Pays +€0.21 margin per member (€0.03 to €0.39)" in page
    assert "the range allows for looking every day" in page


def test_no_number_is_shown_while_a_check_says_stop(read):
    page = read(bodies.hidden())
    assert 'class="estimate"' not in page.content.decode()
    assert "data-figure" not in page.content.decode()
    assert "€" not in words(page)


def test_a_check_that_says_stop_tells_what_to_do_next(read):
    page = words(read(bodies.hidden()))
    assert f"What to do next {bodies.BROKEN.sentence}" in page


def test_checks_are_told_the_gravest_first(read):
    checks = (bodies.SIZES, bodies.OVERLAP, replace(bodies.SIZES, name="salt_changed", state="unknown"))
    page = words(read(bodies.body(checks=checks)))
    places = [
        page.index(said)
        for said in (
            "Members in several groups :",
            "Not checked: how the groups were drawn",
            "1 other check found nothing wrong",
        )
    ]
    assert places == sorted(places)


def test_a_design_that_is_not_random_is_called_not_causal_everywhere(read):
    page = words(read(bodies.body(**NOT_CAUSAL)))
    assert "€" not in page[page.index("Not causal") : page.index("Can it be believed?")].replace(
        NOT_CAUSAL["verdict"].sentence, ""
    )
    assert "Chance did not draw who got the campaign" in page
    assert "Each figure is a difference-in-differences" in page


def test_a_design_that_is_not_random_shows_nothing_in_per_cent(read):
    """Spending three times as much is not what the campaign did."""
    page = read(bodies.body(**NOT_CAUSAL)).content.decode()
    assert "300.0" not in page
    assert "In per cent" not in page


def test_a_design_that_is_not_random_shows_no_means_side_by_side(read):
    """Who was chosen for buying much bought three times as much before, too."""
    page = words(read(bodies.body(**NOT_CAUSAL)))
    assert "€10.21" not in page
    assert "treated 9,000 90.0 % 8,100 held out 1,000" in page


def test_a_random_design_shows_the_means_of_its_arms(read):
    """The control of the test above."""
    assert "treated 9,000 90.0 % 8,100 €10.21" in words(read(bodies.body()))


def test_adjusted_stands_beside_plain(read):
    page = words(read(bodies.body()))
    assert "As it is: +€0.19 (−€0.01 to €0.39) per member." in page
    assert "+€0.19 (−€0.01 to €0.39) 42 % €180.00 0.0006" in page[page.index("For statisticians") :]


def test_the_family_of_secondary_metrics_is_named(read):
    page = words(read(bodies.body()))
    assert "“Is it chance?” allows for 2 metrics having been looked at." in page
    assert "among the 2 metrics that the plan does not judge by" in page[page.index("For statisticians") :]


def test_a_metric_that_could_not_be_measured_says_why(read):
    judged = (bodies.judged(), replace(bodies.SPEND, headline=Effect(reason="Nobody bought."), q=None))
    assert "Could not measure: Nobody bought." in words(read(bodies.body(judged=judged)))


def test_personal_stands_against_generic(read):
    page = words(read(bodies.body()))
    assert "Margin per member +€0.05 (−€0.04 to €0.14)" in page[page.index("Personal or generic?") :]


def test_parts_add_up_on_the_page(read):
    assert "Together +€0.21" in words(read(bodies.body()))


def test_what_would_have_been_bought_anyway_stands_with_the_parts(read):
    page = words(read(bodies.body()))
    assert "Of €2,100 given in discounts and rewards, about €1,200 (between €900 and €1,500)" in page


def test_a_change_of_a_share_is_told_in_points(read):
    assert "Share who buy +1.20 points (−0.80 to 3.20) +4.0 % (−2.7 % to 10.7 %) may be" in words(read(bodies.body()))


def test_what_chance_hardly_explains_is_sure(read):
    assert "Spend per member +€0.90 (€0.40 to €1.40) +9.0 % (4.0 % to 14.0 %) no, it rose" in words(read(bodies.body()))


def test_what_fell_is_not_called_less_than_chance(read):
    fell = replace(bodies.SPEND, headline=bodies.effect(-0.9, half=0.5))
    page = words(read(bodies.body(judged=(bodies.judged(), fell))))
    assert "(−14.0 % to −4.0 %) no, it fell" in page


def test_of_few_members_nobody_says_whether_it_is_chance(read):
    few = replace(bodies.SPEND, few=bodies.FEW)
    assert "(4.0 % to 14.0 %) too few members to say" in words(read(bodies.body(judged=(bodies.judged(), few))))


JARGON = re.compile(r"R²|CUPED|winsor|salt|contaminat|digest|variance|intention to treat|\b[pq] [=<]", re.IGNORECASE)


def test_jargon_is_folded_away(read):
    first_reading, folded = words(read(bodies.body())).split("For statisticians")
    assert JARGON.findall(first_reading.replace(bodies.SIZES.sentence, "")) == []
    assert JARGON.search(folded)


def test_the_criterion_stands_beside_the_verdict_with_what_it_can_go_by(read):
    page = words(read(bodies.body()))
    assert "You wrote when to stop: “No lift after two weeks.” Whether that is so is for you to say." in page
    assert "margin per member, treated against held out, +€0.21 (€0.09 to €0.33)" in page


def test_a_metric_whose_range_cannot_be_told_early_says_when_it_is(read):
    share = replace(bodies.BOUGHT, always=None)
    page = words(read(bodies.body(judged=(share, bodies.judged()), **OPEN)))
    assert "Told on 16 March 2026, when its outcomes have been counted." in page
    assert "Could not measure" not in page


def test_groups_of_equal_scores_are_explained(read):
    some = bodies.body().deciles[::2]
    page = words(read(bodies.body(deciles=some)))
    assert "There are 5 groups and not ten, because many members have the same expected value." in page


def test_ten_groups_are_not(read):
    """The control of the test above."""
    assert "groups and not ten" not in words(read(bodies.body()))


def test_arms_are_explained(read):
    assert "Held out: chance picked them to get nothing, for comparison." in words(read(bodies.body()))


def test_arms_of_another_tool_are_told_as_what_that_tool_did(read, run):
    Campaign.objects.filter(pk=run.campaign.pk).update(imported=True)
    page = words(read(bodies.body(promise=None)))
    assert "Treated: given what the other tool chose for each." in page
    assert "given the offers chosen for each" not in page
    for said in (", as promised", "read on the planned day", "that the plan does not judge by"):
        assert said not in page
    assert "read once all outcomes were counted" in page


def test_the_arms_say_why_their_means_do_not_make_the_headline(read):
    page = words(read(bodies.body()))
    assert "it also allows for what members bought before, and counts nothing above the ceiling." in page
    assert "of the held out, who would have been sent one" in page


def test_the_parts_say_which_change_they_add_up_to(read):
    page = words(read(bodies.body()))
    assert "The parts add up to +€0.21 per member, the change before what members bought earlier" in page


@pytest.mark.parametrize(
    ("when", "said"),
    [(OPEN, "Until 16 Mar 2026 the verdict goes by the wide band"), ({}, "goes by the narrow band on the last day")],
)
def test_the_curve_says_by_which_band_the_verdict_goes(read, when, said):
    assert said in words(read(bodies.body(**when)))


def test_what_could_be_seen_is_a_share_of_something(read):
    assert "which is 1.5 % of what they had before" in words(read(bodies.body()))


def test_a_group_says_how_much_was_expected_of_it(read):
    group = replace(bodies.body().deciles[0], lowest=0.01, highest=0.07, few=bodies.FEW)
    page = words(read(bodies.body(deciles=(group, *bodies.body().deciles[1:]))))
    assert "+€0.04 (€0.01 to €0.07)" in page
    assert "1 of the groups has too few members to go by alone" in page


def test_while_outcomes_count_what_comes_afterwards_is_told_last(read):
    body = bodies.body(verdict=bodies.UNKNOWN, judged=(bodies.judged(always=Estimate(0.21, -0.1, 0.5)),), **OPEN)
    assert "After that: Probably not known even then. To know, it takes 9 more days" in words(read(body))


def test_segments_and_tenths_are_told_with_their_members(read):
    page = words(read(bodies.body()))
    assert "Lapsing buyers 900 100 +€0.40 (−€0.10 to €0.90)" in page
    assert "10 900 100 +€0.40 +€0.50 (€0.38 to €0.62)" in page


def test_engagement_comes_last_and_is_no_part_of_the_verdict(read):
    page = words(read(bodies.body()))
    assert page.index("No part of the verdict") > page.index("How it was made")


def test_costs_are_told_with_their_sum(read):
    assert "Rewards €2,100.00 Messages €81.00 Together €2,181.00" in words(read(bodies.body()))


def test_the_promise_is_told_with_its_digest(read):
    page = words(read(bodies.body()))
    assert "Stop if No lift after two weeks." in page
    assert bodies.PROMISE.digest[:16] in page


def test_what_was_edited_since_is_told(read, run):
    Run.objects.filter(pk=run.pk).update(promise={"hypothesis": "They stay away."}, promise_digest="d1ge57")
    assert "The campaign now says otherwise about the hypothesis" in words(read(bodies.body()))


def test_what_was_not_edited_is_not(read):
    """The control of the test above."""
    assert "now says otherwise" not in words(read(bodies.body()))


def test_versions_are_told_with_what_each_said(read, run):
    bodies.frozen(run)
    later = (bodies.judged(headline=bodies.effect(0.15)),)
    bodies.frozen(run, bodies.body(judged=later), version=2)
    page = words(read())
    assert "Pays +€0.15 margin per member" in page
    assert re.search(r"2 18 Mar 2026, 12:00 Pays \+€0\.15 \(.*?\) 1 17 Mar 2026, 12:00 Pays \+€0\.21 \(", page)


def test_an_older_version_can_be_read_and_says_that_it_was_restated(as_, noor, run):
    bodies.frozen(run)
    bodies.frozen(run, bodies.body(verdict=bodies.UNKNOWN), version=2)
    page = words(as_(noor).get(reverse("report", args=[run.campaign.ref]), {"version": 1}))
    assert "This is version 1, which newer data restated." in page
    assert "Pays +€0.21" in page


@pytest.mark.parametrize("version", ["3", "x", ""])
def test_a_version_that_there_is_not_is_not_found(as_, noor, run, version):
    bodies.frozen(run)
    found = as_(noor).get(reverse("report", args=[run.campaign.ref]), {"version": version})
    assert found.status_code == 404


def test_a_figure_has_its_table(read):
    page = read(bodies.body()).content.decode()
    assert page.count("data-figure=") == page.count("The numbers in this picture") == 3


def test_several_arms_are_each_compared_on_a_line_of_their_own(read):
    arms = (bodies.judged(arm="A", versus="C"), bodies.judged(arm="B", versus="C"))
    page = words(read(bodies.body(judged=arms, verdict=bodies.UNKNOWN)))
    assert "A against C" in page
    assert "B against C" in page


def test_what_cannot_be_told_in_per_cent_says_so(read):
    alone = bodies.judged(headline=Effect(each=Estimate(0.2, 0.1, 0.3, 0.01)))
    page = words(read(bodies.body(judged=(alone,))))
    assert "In per cent of the held out cannot be told in per cent" in page
    assert "+€0.20 (€0.10 to €0.30) cannot be told in per cent" in page[page.index("Every metric") :]


def test_before_the_first_report_the_page_says_when_it_comes(read):
    assert "No report has been made yet" in words(read())


def test_a_report_of_an_unknown_campaign_is_not_found(as_, noor):
    assert as_(noor).get(reverse("report", args=["nowhere"])).status_code == 404


def test_another_tools_campaign_has_no_link_to_a_run_of_ours(read, run):
    Campaign.objects.filter(pk=run.campaign.pk).update(imported=True)
    assert reverse("run", args=[run.pk]) not in read(bodies.body()).content.decode()


def test_queries_do_not_grow_with_the_versions(read, run):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            read()
        return len(queries)

    bodies.frozen(run)
    few = asked()
    for version in (2, 3, 4):
        bodies.frozen(run, version=version)
    assert asked() == few


@pytest.fixture
def called(monkeypatch):
    found = []
    monkeypatch.setattr("analytics.hints.make_report", found.append)
    return found


def test_an_analyst_has_a_report_made_and_sees_that_it_is(as_, ana, run, called):
    decide_alike(run)
    page = words(as_(ana).post(reverse("report_make", args=[run.campaign.ref]), follow=True))
    assert len(called) == 1
    assert "The report is being made" in page
    assert "No report has been made yet" not in page


def test_the_part_asks_for_itself_until_the_report_is_made(as_, ana, run):
    asked = Making.objects.create(run=run, asked_at=AFTER)
    address = reverse("report_made", args=[run.campaign.ref])
    assert 'hx-trigger="every 1s"' in as_(ana).get(address, headers=PART).content.decode()
    Making.objects.filter(pk=asked.pk).update(finished_at=AFTER)
    assert as_(ana).get(address, headers=PART)["HX-Refresh"] == "true"


def test_why_a_report_was_not_made_is_said(read, run):
    Making.objects.create(run=run, asked_at=AFTER, finished_at=AFTER, sentence="Load purchases first.")
    assert "was not made. Load purchases first." in words(read())


def test_a_campaign_that_decided_on_nobody_is_told_what_to_do(as_, ana, run, called):
    page = as_(ana).post(reverse("report_make", args=[run.campaign.ref]))
    assert page.status_code == 409
    assert "has decided on nobody yet: launch it, or load its assignments, first." in words(page)


def test_without_workers_nothing_is_promised(as_, ana, run, monkeypatch):
    def lost(_):
        raise OperationalError

    monkeypatch.setattr("analytics.hints.make_report", lost)
    decide_alike(run)
    assert "No worker can be reached" in words(as_(ana).post(reverse("report_make", args=[run.campaign.ref])))


@pytest.mark.parametrize(("who", "is_offered"), [("ana", True), ("mara", False)])
def test_only_who_may_have_reports_made_is_offered_to(as_, request, run, who, is_offered):
    page = as_(request.getfixturevalue(who)).get(reverse("report", args=[run.campaign.ref]))
    assert ("Make the report now" in words(page)) == is_offered
