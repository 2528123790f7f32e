import pytest
from django.db import DatabaseError, transaction

from campaigns import building, launching, promising
from campaigns.models import Campaign, Run
from loyalty import segmentation
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def launched(draft: Campaign) -> Run:
    """A campaign that reads everybody apart, launched."""
    building.change(draft, read_apart=[draft.segment])
    return launching.launch(draft, by=None, at=making.NOON, on=TODAY)


def test_the_launch_promises_how_it_will_be_judged(launched):
    assert launched.promise["hypothesis"] == "They come back."
    assert launched.promise["segments"] == [
        {
            "name": launched.campaign.segment.name,
            "version": launched.segment_version_id,
            "rule": launched.segment_version.rule,
            "asked": [],
        }
    ]
    assert launched.promise_digest == promising.digest(launched.promise)


def test_it_promises_the_segments_too_that_a_rule_asks_for(draft, mara):
    inner = segmentation.save(None, name="Here lately", rule={"all": []}, by=mara, at=making.NOON)
    outer = segmentation.save(None, name="Others", rule={"not": {"segment": inner.segment_id}}, by=mara, at=making.NOON)
    building.change(draft, read_apart=[outer.segment])
    (promised,) = promising.promise(draft)["segments"]
    assert promised["asked"] == [
        {"segment": inner.segment_id, "name": "Here lately", "version": inner.pk, "rule": {"all": []}}
    ]


def test_the_digest_is_of_the_content_and_not_of_its_order():
    assert promising.digest({"a": 1, "b": 2}) == promising.digest({"b": 2, "a": 1})
    assert promising.digest({"a": 1, "b": 2}) != promising.digest({"a": 1, "b": 3})


@pytest.mark.parametrize("change", [{"promise": {"hypothesis": "Sales rise."}}, {"promise_digest": ""}])
def test_the_database_refuses_another_promise_afterwards(launched, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Run.objects.filter(pk=launched.pk).update(**change)
    Run.objects.filter(pk=launched.pk).update(doing="something else")


def test_what_the_campaign_says_otherwise_now_is_named(launched):
    assert promising.edited_since(launched) == []
    Campaign.objects.filter(pk=launched.campaign_id).update(hypothesis="Sales rise.", primary_metric="spend")
    launched.campaign.refresh_from_db()
    assert promising.edited_since(launched) == ["the hypothesis", "the metric it is judged by"]


def test_of_a_campaign_of_another_tool_nothing_was_promised(launched):
    assert promising.edited_since(Run(campaign=launched.campaign)) == []
