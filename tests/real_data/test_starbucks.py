"""A coffee chain's 17,000 members, from files to lift, and on to a campaign of our own."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum

from campaigns import building
from campaigns.models import Campaign, Decision
from loyalty import clock, segmentation
from loyalty.models import Member, Purchase
from offers import approval, catalog
from offers.models import Offer
from tests.real_data.starbucks import START, WAVES

pytestmark = [pytest.mark.data, pytest.mark.django_db]

MEMBERS = 17_000
THEN = START.replace(tzinfo=dt.UTC) + dt.timedelta(days=31)


@pytest.fixture
def then(monkeypatch):
    """The programme's clock stands at the day after its data end."""
    monkeypatch.setattr(clock, "now", lambda: THEN)


def counts(told):
    return {name: told[name] for name in ("rows", "loaded", "rejected")}


def test_every_file_loads_and_the_money_is_the_files_own(coffee):
    assert counts(coffee["members"]) == {"rows": MEMBERS, "loaded": MEMBERS, "rejected": 0}
    assert counts(coffee["offers"]) == {"rows": 10, "loaded": 10, "rejected": 0}
    assert counts(coffee["purchases"]) == {"rows": 138_953, "loaded": 138_953, "rejected": 0}
    assert counts(coffee["campaigns"]) == {"rows": 6, "loaded": 6, "rejected": 0}
    assert counts(coffee["assignments"]) == {"rows": 6 * MEMBERS, "loaded": 6 * MEMBERS, "rejected": 0}
    assert Purchase.objects.aggregate(total=Sum("net_amount"))["total"] == Decimal("1775451.97")
    assert (Member.objects.count(), Offer.objects.count()) == (MEMBERS, 10)


@pytest.mark.parametrize(
    ("metric", "estimate", "low", "high"),
    [("spend", 11.536, 10.283, 12.790), ("purchasers", 0.1700, 0.1532, 0.1868)],
)
def test_the_first_wave_is_measured_as_published(coffee, then, told, metric, estimate, low, high):
    report = told("report", "wave-0", "--metric", metric)
    (lift,) = report["lifts"]
    assert (lift["arm"], lift["versus"]) == ("treated", "held_out")
    assert [lift["estimate"], lift["low"], lift["high"]] == pytest.approx([estimate, low, high], abs=0.001)
    assert [arm["n"] for arm in report["arms"]] == [MEMBERS - 12_650, 12_650]


def test_later_waves_are_measured_too_with_a_warning_of_those_before(coffee, then, told):
    reports = [told("report", f"wave-{hour}", "--metric", "spend") for hour in WAVES]
    found = [report["lifts"][0]["estimate"] for report in reports]
    assert found == pytest.approx([11.536, 12.221, 6.225, 5.094, 4.804, 7.730], abs=0.001)
    warned = [
        any(check["name"] == "other_campaigns" and check["state"] == "look" for check in report["checks"])
        for report in reports
    ]
    assert warned == [False, True, True, True, True, True]  # earlier offers still work when a later wave begins


def test_margin_is_not_made_up_where_the_data_have_none(coffee, then, told):
    report = told("report", "wave-0", "--metric", "margin")
    assert report["lifts"][0]["estimate"] is None
    assert "138,953" not in report["reasons"][0]
    assert "margin_amount" in report["reasons"][0]


def test_a_campaign_of_our_own_runs_on_them_to_a_report(coffee, then, told, mara, abel, monkeypatch):
    """Nothing is special about these members: the same verbs as for any others."""
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    told("snapshot")
    offers = list(Offer.objects.order_by("ref")[:3])
    for offer in offers:
        draft = offer.terms.get()
        text = catalog.Text("{{ offer }}", "For you: {{ value }}.")
        catalog.edit(draft, by=mara, channels=["email"], texts={"email": text})
        approval.submit(draft, by=mara, at=clock.now())
        approval.approve(draft, by=abel, at=clock.now())
    rule = {"all": [{"feature": "recency_days", "is": "at_most", "value": 20}]}
    segment = segmentation.save(None, name="Bought lately", rule=rule, by=mara, at=clock.now()).segment
    campaign = building.create(
        "Coffee again",
        by=mara,
        at=clock.now(),
        hypothesis="They come once more.",
        primary_metric="spend",
        exit_criterion="No lift.",
        segment=segment,
        channels=["email"],
        starts_at=clock.now() - dt.timedelta(days=1),
        ends_at=clock.now() + dt.timedelta(days=30),
    )
    building.choose_offers(campaign, offers)
    building.limit_offers(campaign, {offers[0].pk: building.OfferLimit(1_000, None)})

    rehearsed, live = told("run", campaign.ref, "--dry-run"), told("run", campaign.ref)

    assert live["eligible"] == Decision.objects.filter(run=live["run"]).count() > 10_000
    assert {name: live[name] for name in ("arms", "assigned", "offers")} == {
        name: rehearsed[name] for name in ("arms", "assigned", "offers")
    }
    assert live["offers"][0]["assigned"] <= 1_000
    assert live["gap"] <= 0.0005
    report = told("report", campaign.ref, "--metric", "spend")
    assert {arm["arm"]: arm["n"] for arm in report["arms"]} == live["arms"]
    assert Campaign.objects.get(pk=campaign.pk).state == Campaign.State.RUNNING
