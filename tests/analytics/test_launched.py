"""A campaign that was really launched: what was promised then is in its report, and so are the segments named then."""

import numpy as np
import pytest

from analytics import freezing
from campaigns import building, launching, promising, run
from campaigns.models import Run
from loyalty import segmentation
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db

RECENT = {"feature": "recency_days", "is": "at_most", "value": 10}
CLOSED = making.NOON + 15 * making.DAY


@pytest.fixture
def launched(draft, mara, mailoutbox, monkeypatch):
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    segment = segmentation.save(None, name="Here lately", rule=RECENT, by=mara, at=making.NOON).segment
    building.change(draft, read_apart=[segment])
    return seen_through(launching.launch(draft, by=mara, at=making.NOON, on=TODAY))


def seen_through(begun: Run) -> Run:
    """Decided and sent; then everybody buys something."""
    run.work(begun.pk, now=lambda: making.NOON)
    begun.refresh_from_db()
    for number, decision in enumerate(begun.decisions.filter(rank=0).order_by("member_id")):
        making.purchase(
            decision.member, at=making.NOON + making.DAY, net=str(10 + number % 7), margin=str(2 + number % 5)
        )
    return begun


@pytest.fixture
def body(launched):
    return freezing.freeze(launched, as_of=CLOSED).told


def test_the_promise_is_the_one_that_was_locked(launched, body):
    assert body.promise.digest == launched.promise_digest == promising.digest(launched.promise)
    assert (body.promise.hypothesis, body.promise.metric) == ("They come back.", "margin")
    assert body.promise.segments == ("Here lately",)
    assert body.judged[0].metric == "margin"


def test_what_could_be_detected_stays_as_it_was_first_told(launched, body):
    """Purchases of the time before come in late."""
    for decision in launched.decisions.filter(rank=0)[:9]:
        making.purchase(decision.member, at=making.NOON - making.DAY, net="900", margin="300")
    later = freezing.freeze(launched, as_of=CLOSED)
    assert later.version == 2
    assert later.told.promise == body.promise


def test_a_segment_named_beforehand_is_told_apart_by_the_profiles_of_then(launched, body):
    (recent,) = body.segments
    arms = {arm.arm: arm.members for arm in body.arms}
    assert recent.name == "Here lately"
    # Every third day of thirty a shopper came is within the last ten.
    assert 0 < recent.members < arms["treated"]
    assert 0 < recent.versus_members < arms["held_out"]


def test_what_is_said_later_changes_nothing(launched, body):
    segment = launched.campaign.read_apart.get()
    segmentation.save(segment, name="Here lately", rule={"all": []}, by=None, at=CLOSED)
    assert freezing.freeze(launched, as_of=CLOSED).told == body


def test_a_segment_that_a_promised_one_asks_for_counts_as_it_was_then(draft, mara, monkeypatch, mailoutbox):
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    recent = segmentation.save(None, name="Here lately", rule=RECENT, by=mara, at=making.NOON).segment
    others = {"not": {"segment": recent.pk}}
    building.change(
        draft, read_apart=[segmentation.save(None, name="Others", rule=others, by=mara, at=making.NOON).segment]
    )
    begun = seen_through(launching.launch(draft, by=mara, at=making.NOON, on=TODAY))
    told = freezing.freeze(begun, as_of=CLOSED).told
    segmentation.save(recent, name="Here lately", rule={"all": []}, by=mara, at=CLOSED)  # now “Others” are nobody
    assert told.segments[0].members > 0
    assert freezing.freeze(begun, as_of=CLOSED).told == told


def test_it_is_told_whether_the_power_was_there_that_was_promised(body):
    (power,) = [check for check in body.checks if check.name == "power_reached"]
    assert body.promise.detectable > 0
    assert "80% was promised" in power.sentence


def test_arms_are_those_of_the_salt(body):
    (salt,) = [check for check in body.checks if check.name == "salt_changed"]
    assert salt.state == "fine"


def test_where_the_profiles_of_then_are_gone_segments_are_left_out(launched, monkeypatch):
    def gone(*_, **__):
        raise freezing.Refused("The profiles are gone.")

    monkeypatch.setattr("loyalty.profiles.opened", gone)
    assert freezing.freeze(launched, as_of=CLOSED).told.segments == ()


def test_held_out_members_were_reached_in_thought(body):
    reached = {arm.arm: arm.reached for arm in body.arms}
    assert reached["held_out"] > 0
    assert np.isclose(body.reached.held_out, reached["held_out"] / {a.arm: a.members for a in body.arms}["held_out"])
