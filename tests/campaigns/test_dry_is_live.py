"""A dry run counts what the live run then does, whatever a campaign's limits and shares are."""

import json
import random
from collections import Counter
from decimal import Decimal

import pytest

from campaigns import building, launching, planning, run, summary
from campaigns.models import Campaign, Chunk, Decision, Delivery
from loyalty import segmentation
from loyalty.models.consent import Channel
from loyalty.refusal import Refused
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db

CAMPAIGNS = 50
COUNTED = ("eligible", "assigned", "offers", "value", "bound", "gap")


@pytest.fixture(autouse=True)
def no_workers(monkeypatch):
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)


@pytest.fixture
def offers(shoppers, mara, abel):
    """Five offers of two departments, some by app alone; every third shopper can be reached by app too."""
    for shopper in shoppers[::3]:
        making.grant(shopper, Channel.APP)
    facts = [
        {"category": "Coffee", "channels": ("email", "app")},
        {"category": "Coffee", "value": Decimal(3), "channels": ("email",)},
        {"category": "Bakery", "kind": "percent", "value": Decimal(10), "channels": ("email", "app")},
        {"category": "Bakery", "reward_cost": Decimal("0.01"), "channels": ("app",)},
        {"category": "Bakery", "limit_total": 7, "channels": ("email",)},
    ]
    return [making.approved_terms(author=mara, approver=abel, **each).offer for each in facts]


@pytest.fixture
def segment(shoppers, mara):
    return segmentation.save(None, name="Everybody", rule={"all": []}, by=mara, at=making.NOON).segment


def maybe(chance: random.Random, value):
    return value if chance.random() < 0.5 else None


def drawn(seed: int, offers, segment, mara) -> Campaign:
    """A campaign with limits and shares drawn at random."""
    chance = random.Random(seed)
    channels = [Channel.EMAIL, Channel.APP][: chance.randint(1, 2)]
    campaign = building.create(
        f"Random {seed}",
        by=mara,
        at=making.NOON,
        hypothesis="They come back.",
        primary_metric="margin",
        exit_criterion="No lift.",
        segment=segment,
        channels=channels,
        share_held_out=Decimal(chance.randint(5, 40)) / 100,
        share_explored=Decimal(chance.choice([0, 5, 30])) / 100,
        offers_each=chance.randint(1, 3),
        contacts_per_member=maybe(chance, chance.randint(3, 6)),
        contact_limit=maybe(chance, chance.randint(5, 60)),
        total_budget=maybe(chance, Decimal(chance.randint(1, 8)) / 2),
        capacities={channel: chance.randint(5, 40) for channel in channels if chance.random() < 0.4},
        starts_at=making.NOON - making.DAY,
        ends_at=making.NOON + 30 * making.DAY,
    )
    chosen = [offer for offer in offers if chance.random() < 0.7] or offers[:1]
    building.choose_offers(campaign, chosen)
    limits = {offer.pk: (maybe(chance, chance.randint(0, 20)), maybe(chance, Decimal(2)), None) for offer in chosen}
    building.limit_offers(campaign, {pk: building.OfferLimit(*limit) for pk, limit in limits.items()})
    Campaign.objects.filter(pk=campaign.pk).update(salt=f"salt {seed}")
    return Campaign.objects.get(pk=campaign.pk)


def rows() -> tuple[int, int, int]:
    return Decision.objects.count(), Delivery.objects.count(), Chunk.objects.count()


def test_all_counts_of_fifty_random_campaigns_are_those_of_their_dry_runs(offers, segment, mara, mailoutbox):
    seen = Counter[str]()
    for seed in range(CAMPAIGNS):
        campaign = drawn(seed, offers, segment, mara)
        before = rows()
        inputs = launching.inputs(campaign, at=making.NOON, on=TODAY)
        dry = summary.of_plan(inputs, planning.plan(inputs))
        assert rows() == before, "A dry run wrote something."
        live = lived(campaign, mara)
        assert {name: live[name] for name in COUNTED} == {name: dry[name] for name in COUNTED}, seed
        assert live["spend"] == pytest.approx(dry["spend"], abs=1e-9)  # the same sums, in another order
        assert Counter(live["arms"]) == Counter(dry["arms"]), seed
        assert json.dumps(live["funnel"], sort_keys=True) == json.dumps(dry["funnel"], sort_keys=True), seed
        seen.update(what(campaign))
    assert all(seen[kind] for kind in ("second offers", "explored", "held out", "nothing")), seen


def lived(campaign: Campaign, mara) -> summary.Summary:
    launched = launching.launch(campaign, by=mara, at=making.NOON, on=TODAY)
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    assert launched.state == launched.State.FINISHED, launched.sentence
    return summary.of_run(launched)


def what(campaign: Campaign) -> list[str]:
    """Which kinds of decisions there were."""
    told = Decision.objects.filter(run__campaign=campaign).values_list("rank", "explored", "held_out", "run_offer")
    return [
        *("second offers" for rank, *_ in told if rank),
        *("explored" for _, explored, *_ in told if explored),
        *("held out" for _, _, held_out, _ in told if held_out),
        *("nothing" for _, _, held_out, offer in told if offer is None and not held_out),
    ]


def test_within_all_campaigns_nobody_gets_more_offers_than_they_may(offers, segment, mara, mailoutbox):
    """The negative control is the first campaign, which has no such limit and gives some as many as it likes."""
    for seed, most in ((0, None), (1, 4), (2, 4)):
        campaign = drawn(seed, offers, segment, mara)
        facts = {"offers_each": 3, "contacts_per_member": most, "total_budget": None, "contact_limit": None}
        building.change(campaign, capacities={}, **facts)
        lived(Campaign.objects.get(pk=campaign.pk), mara)
    sent = Counter(Delivery.objects.filter(state="sent").values_list("member", "run", "rank").distinct())
    by_member = Counter(member for member, _, _ in sent)
    assert max(by_member.values()) <= 4
    assert max(Counter((member, number) for member, number, _ in sent).values()) > 1


def test_a_minimum_that_cannot_be_reached_is_refused_by_name_on_the_dry_run_and_at_the_launch(offers, segment, mara):
    campaign = drawn(0, offers, segment, mara)
    building.change(campaign, capacities={}, contact_limit=None, total_budget=None, share_explored=Decimal(0))
    (first, *_) = campaign.offers.all()
    building.limit_offers(campaign, {first.offer_id: building.OfferLimit(None, None, 5_000)})
    campaign = Campaign.objects.get(pk=campaign.pk)
    with pytest.raises(Refused, match="minimum"):
        planning.plan(launching.inputs(campaign, at=making.NOON, on=TODAY))
    launched = launching.launch(campaign, by=mara, at=making.NOON, on=TODAY)
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    assert (launched.state, "minimum" in launched.sentence) == (launched.State.FAILED, True)
    assert not Decision.objects.exists()
