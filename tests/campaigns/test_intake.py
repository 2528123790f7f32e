import datetime as dt

import pytest

from campaigns.models import Campaign, Decision, Run, RunOffer
from tests import making
from tests.bringing import bring, data, fates, rejects

__all__ = ["bring", "data", "past"]

CAMPAIGNS = "campaign_ref,name,starts_at,ends_at"
SPRING = "c1,Spring,2026-03-01,2026-03-08"
ASSIGNMENTS = "campaign_ref,member_ref,arm,offer_ref"


@pytest.fixture
def past(bring):
    """`bring` for a retailer with a past campaign, two offers and three members."""
    bring("members", "member_ref\nm1\nm2\nm3\n")
    bring("offers", "offer_ref,name,kind\no1,A,points\no2,B,points\n")
    bring("campaigns", f"{CAMPAIGNS},outcome_days,design,share_held_out\n{SPRING},7,randomised,0.25\n")
    return bring


def test_a_past_campaign_is_finished_and_has_a_run(past):
    campaign, run = Campaign.objects.get(), Run.objects.get()
    assert (campaign.imported, campaign.state, campaign.design) == (True, "finished", "randomised")
    assert (run.campaign, run.state, run.share_held_out) == (campaign, "finished", 0.25)


def test_outcomes_count_from_the_start_for_the_days_told(past):
    run = Run.objects.get()
    assert run.outcomes_from == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert run.outcomes_until - run.outcomes_from == dt.timedelta(days=7)


def test_outcomes_count_until_the_end_where_no_days_are_told(bring):
    bring("campaigns", f"{CAMPAIGNS}\nc1,Spring,2026-03-01,2026-03-05T12:00:00\n")
    assert Campaign.objects.get().outcome_days == 5


def test_a_design_that_is_not_told_is_unknown(bring):
    bring("campaigns", f"{CAMPAIGNS}\n{SPRING}\n")
    assert (Campaign.objects.get().design, Run.objects.get().share_held_out) == ("unknown", None)


def test_a_campaign_that_ends_before_it_starts_is_rejected(bring):
    result = bring("campaigns", f"{CAMPAIGNS}\nc1,Spring,2026-03-08,2026-03-01\n")
    assert rejects(result) == [(2, "ends_at", "2026-03-01 00:00:00+00", "is not after starts_at")]


def test_a_campaign_of_our_own_is_not_taken_for_a_past_one(bring):
    making.campaign(ref="c1")
    result = bring("campaigns", f"{CAMPAIGNS}\n{SPRING}\n")
    assert fates(result) == (0, 0, 0, 1)
    assert "made here" in rejects(result)[0][3]


def test_the_same_files_again_change_nothing(past):
    rows = "c1,m1,treated,o1\nc1,m2,held_out,\n"
    past("assignments", f"{ASSIGNMENTS}\n{rows}")
    assert fates(past("assignments", f"{ASSIGNMENTS}\n{rows}")) == (0, 0, 2, 0)
    again = past("campaigns", f"{CAMPAIGNS},outcome_days,design,share_held_out\n{SPRING},7,randomised,0.25\n")
    assert fates(again) == (0, 0, 1, 0)


def test_assignments_become_decisions(past):
    past(
        "assignments",
        f"{ASSIGNMENTS},at,probability\nc1,m1,treated,o2,2026-03-02,0.5\nc1,m2,held_out,,,\nc1,m3,generic,,,\n",
    )
    decisions = Decision.objects.order_by("member__ref")
    assert [(each.arm, each.held_out) for each in decisions] == [
        ("treated", False),
        ("held_out", True),
        ("generic", False),
    ]
    assert decisions[0].run_offer.offer.ref == "o2"
    assert decisions[0].probability == 0.5
    assert [each.at.day for each in decisions] == [2, 1, 1]


def test_cells_of_another_tool_stay_what_they_were_called(past):
    """What we call universal and generic are words of others too, and say nothing there of who is held out."""
    assert fates(past("assignments", f"{ASSIGNMENTS}\nc1,m1,universal,o1\nc1,m2,generic,\n")) == (2, 0, 0, 0)
    told = Decision.objects.order_by("member").values_list("arm", "held_out", "run_offer__offer__ref", "withheld")
    assert list(told) == [("universal", False, "o1", None), ("generic", False, None, None)]
    assert Run.objects.get().shares == {}


def test_each_offer_of_a_past_run_is_counted(past):
    past("assignments", f"{ASSIGNMENTS}\nc1,m1,treated,o1\nc1,m2,treated,o2\n")
    past("assignments", f"{ASSIGNMENTS}\nc1,m3,treated,o2\n")
    told = RunOffer.objects.order_by("position").values_list("position", "offer__ref", "assigned", "imported")
    assert list(told) == [(0, "o1", 1, True), (1, "o2", 2, True)]


def test_a_decision_does_not_change(past):
    past("assignments", f"{ASSIGNMENTS}\nc1,m1,treated,o1\n")
    assert fates(past("assignments", f"{ASSIGNMENTS}\nc1,m1,held_out,\n")) == (0, 0, 0, 1)
    assert Decision.objects.get().arm == "treated"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("c9,m1,treated,o1", "campaign_ref"),
        ("c1,m9,treated,o1", "member_ref"),
        ("c1,m1,treated,o9", "offer_ref"),
        ("c1,m1,held_out,o1", "offer_ref"),
        ("c1,m1,,o1", "arm"),
    ],
)
def test_an_assignment_that_cannot_be_is_rejected(past, row, column):
    ((_, at_fault, _, _),) = rejects(past("assignments", f"{ASSIGNMENTS}\n{row}\n"))
    assert at_fault == column


def test_our_own_campaigns_take_no_assignments(past):
    making.run(making.campaign(ref="ours"))
    ((_, column, value, _),) = rejects(past("assignments", f"{ASSIGNMENTS}\nours,m1,treated,\n"))
    assert (column, value) == ("campaign_ref", "ours")
