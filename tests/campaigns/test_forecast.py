from decimal import Decimal

import pytest

from campaigns.forecast import forecast
from loyalty.models.consent import Channel
from tests import making

pytestmark = pytest.mark.django_db


def counts(campaign):
    return {stage.name: stage.count for stage in forecast(campaign, at=making.NOON).stages}


def test_members_are_counted_down_to_those_who_will_be_treated(draft):
    assert counts(draft) == {"members": 60, "audience": 60, "contactable": 54, "treated": 43}


def test_whom_the_programme_holds_out_is_taken_off_too(draft):
    """Of 54, a half take part in nothing; of the other half are generic, and of the rest a fifth is held out."""
    making.draw(universal_share=Decimal("0.5"), generic_share=Decimal("0.5"))
    assert counts(draft)["treated"] == round(54 * 0.5 * (0.5 + 0.5 * 0.8))


def test_one_channel_of_several_is_enough(draft, shoppers):
    making.grant(shoppers[0], Channel.APP)
    draft.channels = [Channel.EMAIL, Channel.APP]
    assert counts(draft)["contactable"] == 55


def test_without_a_channel_nobody_is_reached(draft):
    draft.channels = []
    assert counts(draft)["contactable"] == 0


def test_a_campaign_without_a_segment_cannot_be_forecast(draft):
    draft.segment = None
    assert forecast(draft, at=making.NOON) is None


def test_a_segment_whose_rule_no_longer_reads_cannot_be_counted(draft):
    draft.segment.versions.update(rule={"all": [{"feature": "attr_gone", "is": "known"}]})
    assert forecast(draft, at=making.NOON) is None


def test_the_dry_run_begins_with_the_same_numbers(draft, mara):
    from campaigns import launching, planning

    planned = planning.plan(launching.inputs(draft, at=making.NOON, on=making.NOON.date()))
    told = {stage.name: stage.count for stage in planned.funnel.stages}
    forecasted = counts(draft)
    assert all(told[name] == forecasted[name] for name in ("members", "audience", "contactable"))
