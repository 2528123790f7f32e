from decimal import Decimal

import numpy as np
import pytest

from analytics import freezing, reports
from analytics.measurement.lift import Lift, NotMeasured
from campaigns import decisions
from campaigns.models import Campaign, Delivery
from campaigns.plan import Plan
from loyalty.models import Event
from loyalty.refusal import Refused
from tests import making
from tests.analytics.conftest import AFTER, decide, decide_alike

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(run):
    decide(run, [20, 10, 0, 10, 20, 10], held_out=False)
    decide(run, [10, 0, 0, 10, 0, 10], held_out=True)


def only(report) -> Lift | NotMeasured:
    (comparison,) = report.comparisons
    return comparison.lift


def test_spend_is_compared_over_everyone_decided_on(campaign, decided):
    report = reports.report(campaign, "spend", as_of=AFTER)
    assert [(arm.arm, arm.n, arm.sum) for arm in report.arms] == [("held_out", 6, 30.0), ("treated", 6, 70.0)]
    assert only(report).estimate == pytest.approx(40 / 6)
    assert report.valid


def test_in_total_is_per_member_times_the_members_of_the_arm(campaign, decided):
    (comparison,) = reports.report(campaign, "spend", as_of=AFTER).comparisons
    assert comparison.in_total[0] == pytest.approx(40)


def test_margin_is_net_of_contacts_and_of_rewards_redeemed(campaign, run, decided):
    """Five of six treated bought at a margin of 1; two got a message at 0.10, and one redeemed points for 0.50."""
    treated = [decision.member for decision in run.decisions.filter(held_out=False)]
    for member in treated[:2]:
        Delivery.objects.create(
            run=run, member=member, run_offer=run.offers.get(), channel="email", state="sent", at=making.NOON
        )
    making.purchase(treated[0], at=making.NOON + making.DAY, net="0", margin="0", offer_ref=run.offers.get().offer.ref)
    report = reports.report(campaign, "margin", as_of=AFTER)
    assert {arm.arm: arm.sum for arm in report.arms} == pytest.approx({"held_out": 3.0, "treated": 5 - 0.2 - 0.5})


def test_of_several_offers_each_redemption_costs_its_own_reward(campaign, mara, abel):
    """Two offers with rewards of 0.50 and 2.00: the second best is redeemed twice, the best never."""
    costs = Decimal("0.50"), Decimal(2)
    both = [making.approved_terms(author=mara, approver=abel, reward_cost=cost) for cost in costs]
    run, member = making.run(campaign, *both, state="finished", share_held_out=0.5), making.member()
    plan = Plan(
        member_ids=np.array([member.pk, making.member().pk]),
        arm=np.array([0, 1], dtype=np.uint8),
        explored=np.zeros(2, dtype=bool),
        offer=np.array([[0, 1], [-1, -1]], dtype=np.int16),
        withheld=np.full((2, 2), -1, dtype=np.int16),
        score=np.ones((2, 2), dtype=np.float32),
        probability=np.full((2, 2), 0.5),
    )
    decisions.begin(run, at=making.NOON)
    decisions.log(run, plan)
    decisions.close(run, plan)
    second = run.offers.get(position=1)
    for day in (1, 2):
        making.purchase(member, at=making.NOON + day * making.DAY, margin="5", offer_ref=second.offer.ref)
    report = reports.report(campaign, "margin", as_of=AFTER)
    assert {arm.arm: arm.sum for arm in report.arms} == {"held_out": 0.0, "treated": 10.0 - 2 * 2.0}


def test_a_line_without_margin_makes_margin_unmeasurable_not_zero(campaign, run, decided):
    decide(run, [10], held_out=False, margin=None)
    lift = only(reports.report(campaign, "margin", as_of=AFTER))
    assert isinstance(lift, NotMeasured)
    assert "1 of 9 purchase lines have no margin_amount" in lift.reason


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (13, True), (14, False)])
def test_only_the_outcome_window_counts(campaign, run, decided, days, counts):
    member = run.decisions.filter(held_out=True).first().member
    making.purchase(member, at=making.NOON + days * making.DAY, net="1000")
    held_out = reports.report(campaign, "spend", as_of=AFTER).arms[0]
    assert held_out.sum == (1030 if counts else 30)


def test_a_return_is_taken_off(campaign, run, decided):
    member = run.decisions.filter(held_out=True).first().member
    making.purchase(member, at=making.NOON + making.DAY, net="-10", quantity=Decimal(-1))
    assert reports.report(campaign, "spend", as_of=AFTER).arms[0].sum == 20


def test_an_event_is_a_metric(campaign, run, decided):
    for decision in run.decisions.filter(held_out=False)[:3]:
        Event.objects.create(ref=f"e{decision.pk}", member=decision.member, at=making.NOON + making.DAY, kind="open")
    report = reports.report(campaign, "event:open", as_of=AFTER)
    assert [arm.mean for arm in report.arms] == [0, 0.5]


def test_a_broken_sample_ratio_hides_the_lift(campaign, run):
    decide(run, [10, 20] * 40, held_out=False)
    decide(run, [10, 20] * 10, held_out=True)
    report = reports.report(campaign, "spend", as_of=AFTER)
    assert isinstance(only(report), NotMeasured)
    assert not report.valid
    assert "do not have the sizes that were planned" in report.reasons[0]


def test_the_same_counts_are_shown_when_they_were_planned(campaign, terms):
    """The control of the test above."""
    run = making.run(campaign, terms, state="finished", share_held_out=0.2)
    decide(run, [10, 20] * 40, held_out=False)
    decide(run, [10, 20] * 10, held_out=True)
    assert isinstance(only(reports.report(campaign, "spend", as_of=AFTER)), Lift)


def test_while_the_window_is_open_the_report_says_so(campaign, decided):
    report = reports.report(campaign, "spend", as_of=making.NOON + 5 * making.DAY)
    assert not report.valid
    assert "open until" in report.reasons[0]


def test_a_targeted_campaign_gets_a_difference_in_differences_against_the_rest(run, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(design="targeted")
    campaign.refresh_from_db()
    decide(run, [30, 20, 40], held_out=False)
    for decision in run.decisions.all():
        making.purchase(decision.member, at=making.NOON - making.DAY, net="30")
    for spend in (5, 6, 7):
        making.purchase(making.member(), at=making.NOON + making.DAY, net=str(spend))
    report = reports.report(campaign, "spend", as_of=AFTER)
    assert only(report).estimate == pytest.approx((90 - 90) / 3 - 18 / 3)
    assert only(report).relative is None
    assert "not drawn at random" in report.reasons[0]
    body = freezing.freeze(run, as_of=AFTER).told
    assert (body.verdict.word, body.causal) == ("not_causal", False)


@pytest.mark.parametrize(
    ("treated", "held_out", "expected"),
    [("5", "1", "pays"), ("1", "5", "does_not_pay"), ("1", "1", "not_yet_known")],
)
def test_the_verdict_is_the_side_of_zero_on_which_the_interval_lies(campaign, run, treated, held_out, expected):
    decide_alike(run, treated=treated, held_out=held_out)
    assert freezing.freeze(run, as_of=AFTER).told.verdict.word == expected


def test_a_campaign_that_never_ran_has_no_report(campaign):
    with pytest.raises(Refused, match="decided on nobody yet"):
        reports.report(campaign, "spend", as_of=AFTER)


def test_an_unknown_metric_is_refused_with_those_there_are(campaign, decided):
    with pytest.raises(Refused, match="choose margin, spend"):
        reports.report(campaign, "clicks", as_of=AFTER)


def test_members_of_the_universal_holdout_are_no_part_of_the_comparison(campaign, terms):
    shares = {"universal": 0.2, "held_out": 0.4, "treated": 0.4}
    run = making.run(campaign, terms, state="finished", shares=shares)
    decide(run, [20, 10, 0, 10, 20, 10], held_out=False)
    decide(run, [10, 0, 0, 10, 0, 10], held_out=True)
    for _ in range(3):
        member = making.member()
        making.decision(run, member, held_out=True, arm="universal")
        making.purchase(member, at=making.NOON + making.DAY, net="500")
    report = reports.report(campaign, "spend", as_of=AFTER)
    assert [(each.arm, each.versus) for each in report.comparisons] == [("treated", "held_out")]
    assert report.comparisons[0].lift.estimate == pytest.approx(40 / 6)
