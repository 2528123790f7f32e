"""A run of ours from launch to what it teaches."""

from decimal import Decimal

import numpy as np
import pytest

from campaigns import building, launching, run
from campaigns.models import Decision
from campaigns.training import log
from loyalty import profiles, segmentation
from loyalty.models import Member
from loyalty.models.consent import Channel
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db

MEMBERS = 400
HELD_OUT, EXPLORED = 0.25, 0.5


@pytest.fixture
def past(data, settings, mara, abel, monkeypatch, mailoutbox):
    """What is read of a run in which half of those not held out explore; one of its two offers is for adults."""
    settings.MAILBOX = data / "mailbox"
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    beans = making.product()
    for number in range(MEMBERS):
        member = making.member(ref=f"drawn-{number}", birth_year=1980 if number % 2 else None)
        making.purchase(member, at=making.NOON - making.DAY, product=beans)
        making.grant(member, Channel.EMAIL)
    profiles.build(TODAY, at=making.NOON)
    everybody = segmentation.save(None, name="Everybody", rule={"all": []}, by=mara, at=making.NOON).segment
    terms = [
        making.approved_terms(author=mara, approver=abel, name=name, age_restricted=is_for_adults)
        for name, is_for_adults in (("Wine", True), ("Tea", False))
    ]
    campaign = building.create(
        "Spring",
        by=mara,
        at=making.NOON,
        hypothesis="They come.",
        primary_metric="margin",
        exit_criterion="No lift.",
        segment=everybody,
        channels=[Channel.EMAIL],
        share_held_out=Decimal(str(HELD_OUT)),
        share_explored=Decimal(str(EXPLORED)),
        starts_at=making.NOON - making.DAY,
        ends_at=making.NOON + 30 * making.DAY,
    )
    campaign.salt = "with the references, what chance does in each run of this test"
    campaign.save(update_fields=["salt"])
    building.choose_offers(campaign, [each.offer for each in terms])
    launched = launching.launch(campaign, by=mara, at=making.NOON, on=TODAY)
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    (found,) = log.read(at=launched.outcomes_until, report=lambda _: None).past
    return found


def test_everybody_held_out_and_every_explorer_teaches(past):
    by_chance = Decision.objects.filter(held_out=True) | Decision.objects.filter(explored=True)
    assert past.everyone.member_ids[past.rows].tolist() == sorted(by_chance.values_list("member_id", flat=True))


def test_what_was_open_to_members_then_is_found_again(past):
    """Who is of age may have both offers, the others the second alone."""
    adults = Member.objects.filter(birth_year__isnull=False).values_list("pk", flat=True)
    is_adult = np.isin(past.everyone.member_ids[past.rows], list(adults))
    assert (past.chances[past.design] > 0).tolist() == [[bool(adult), True] for adult in is_adult]


def test_chances_agree_with_the_probabilities_in_the_log(past):
    """Of nothing h; of an explorer's draw among m offers (1 - h) e / m: so their ratio is 0.25 : 0.375 / m."""
    chances = past.chances[past.design]
    nothing = 1 - chances.sum(axis=1)
    logged = HELD_OUT / (HELD_OUT + (1 - HELD_OUT) * EXPLORED)
    # How often draws stood is estimated from some 70 of each offer, with a standard deviation of 0.17, and counts for a
    # quarter of itself here; which 70, the salt says.
    assert nothing == pytest.approx(logged, abs=2 * 0.17 / 4)
