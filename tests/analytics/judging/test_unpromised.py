"""Of a campaign for which nothing was fixed beforehand, only what is true of it is said."""

import pytest

from analytics import freezing
from campaigns.models import Campaign
from tests.analytics import world
from tests.analytics.world import UNTIL
from tests.making import DAY

pytestmark = pytest.mark.django_db
PROMISE = {
    "hypothesis": "They buy more.",
    "metric": "spend",
    "design": "randomised",
    "exit_criterion": "",
    "outcome_days": 14,
    "level": 0.95,
    "segments": [],
}


def told(terms, promise=None):
    small = world.made(terms)
    Campaign.objects.filter(pk=small.campaign.pk).update(primary_metric="spend")
    small.campaign.refresh_from_db()
    small.run.campaign = small.campaign
    if promise:
        small.run.promise, small.run.promise_digest, small.run.started_at = promise, "d1ge57", world.SINCE
    small.decide()
    world.buy(small.shopping(effect=3.0))
    return freezing.freeze(small.run, as_of=UNTIL + DAY).told


def sentences(body):
    return " ".join((*body.notes, *(check.sentence for check in body.checks)))


def test_what_leads_is_what_the_verdict_goes_by(terms):
    body = told(terms)
    assert body.judged[0].metric == "margin"
    assert [each.metric for each in body.judged if each.q is None and each.headline.each] == ["margin"]


def test_what_leads_is_what_was_promised(terms):
    """The control of the test above."""
    assert told(terms, PROMISE).judged[0].metric == "spend"


def test_nothing_is_called_promised_planned_or_fixed(terms):
    said = sentences(told(terms))
    assert "4 more metrics were looked at" in said
    assert "no day was planned for it" in said
    for word in ("promised", "fixed before", "day that was planned", "beforehand"):
        assert word not in said


def test_what_was_promised_and_fixed_is_called_so(terms):
    """The control of the test above."""
    said = sentences(told(terms, PROMISE))
    for word in ("as fixed before any outcome was seen", "the day that was planned"):
        assert word in said


def test_the_margin_is_none_of_the_others_that_chance_may_have_found(terms):
    """The verdict goes by it, though something else was promised."""
    (family,) = [note for note in told(terms, PROMISE).notes if "chance finds one" in note]
    assert "share who buy" in family
    assert "margin per member" not in family


def test_what_has_no_ceiling_is_checked_by_the_margin_that_has(terms):
    body = told(terms, {**PROMISE, "metric": "purchasers"})
    (found,) = [each for each in body.checks if each.name == "beyond_the_ceiling"]
    assert found.state == "fine"
