"""A person of several references is decided on, counted and written to once."""

import numpy as np
import pytest

from campaigns import delivery, planning, responses, training
from campaigns.models import Delivery
from loyalty import identity, profiles, segmentation
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel)


@pytest.fixture
def two(settings, tmp_path):
    settings.DATA, settings.MAILBOX = tmp_path, tmp_path / "mailbox"
    settings.EMAIL_BACKEND = "config.mailbox.MailboxBackend"
    made = making.member(), making.member()
    for each in made:
        making.grant(each, "email")
        making.purchase(each, at=NOON + DAY, net="10")
    return made


def merge(two, at=NOON):
    return identity.merge(*two, by=None, at=at, why="test")


@pytest.fixture
def decided(two, terms):
    run = making.run(making.campaign(), terms)
    for each in two:
        making.decision(run, each, offer=run.offers.get())
    return run


def deliver(run, two) -> dict[int, str]:
    delivery.deliver(run, first=min(each.pk for each in two), last=max(each.pk for each in two), at=NOON)
    return dict(Delivery.objects.values_list("member_id", "state"))


def test_both_references_are_written_to_while_they_are_two(decided, two):
    """The control."""
    assert deliver(decided, two) == dict.fromkeys((each.pk for each in two), "sent")


def test_merged_reference_is_not_written_to_though_it_was_decided_on(decided, two):
    merge(two)
    assert deliver(decided, two) == {two[0].pk: "sent"}


def test_person_is_not_written_to_again_after_the_other_reference_was(decided, two):
    _, other = two
    delivery.deliver(decided, first=other.pk, last=other.pk, at=NOON)
    merge(two)
    assert deliver(decided, two) == {other.pk: "sent"}
    assert decided.decisions.count() == 2


def test_plan_from_older_profiles_leaves_the_merged_reference_out(two, terms, mara):
    snapshot = profiles.build((NOON + 2 * DAY).date(), at=NOON + DAY)
    segment = segmentation.save(None, name="Everybody", rule={"all": []}, by=mara, at=NOON)
    inputs = planning.Inputs(
        campaign=making.campaign(segment=segment.segment, share_held_out=0),
        snapshot=snapshot,
        segment_version=segment,
        scorer=training.champion(at=NOON),
        terms=[terms],
        limits=[planning.Limit(None, None)],
        on=NOON.date(),
    )
    assert planning.plan(inputs).plan.member_ids.tolist() == [each.pk for each in two]
    merge(two)
    assert planning.plan(inputs).plan.member_ids.tolist() == [two[0].pk]


def totals(*members) -> list[float]:
    ids = np.array([each.pk for each in members])
    return responses.totals(ids, since=NOON, until=NOON + 14 * DAY).spend.tolist()


def test_purchases_count_for_the_one_who_stands_for_the_person(two):
    assert totals(two[0]) == [10]
    made = merge(two)
    assert totals(two[0]) == [20]
    identity.unmerge(made, by=None, at=NOON, why="test")
    assert totals(two[0]) == [10]


def test_outcomes_of_a_run_that_decided_on_both_stay_with_each(two):
    merge(two)
    assert totals(*two) == [10, 10]


@pytest.mark.parametrize(("merged", "count"), [(False, 1), (True, 2)])
def test_redemptions_of_one_person_count_together_against_the_limit(two, merged, count):
    for each in two:
        making.purchase(each, at=NOON, offer_ref="o")
    if merged:
        merge(two)
    assert responses.redeemed(np.array([two[0].pk]), ["o"]).tolist() == [[count]]


@pytest.mark.parametrize(("both", "counts"), [(False, [2]), (True, [1, 1])])
def test_redemptions_of_a_run_follow_who_was_decided_on(two, terms, both, counts):
    run = making.run(making.campaign(), terms)
    members = two if both else two[:1]
    for each in members:
        making.decision(run, each, offer=run.offers.get())
    for each in two:
        making.purchase(each, at=NOON + DAY, offer_ref=terms.offer.ref)
    merge(two)
    assert responses.redemptions(run, np.array([each.pk for each in members])).tolist() == counts


def test_events_count_for_the_one_who_stands_for_the_person(two):
    two[1].events.create(ref="e", at=NOON, kind="view")
    asked = {"since": NOON, "until": NOON + DAY}
    assert not responses.had_event(np.array([two[0].pk]), "view", **asked).any()
    merge(two)
    assert responses.had_event(np.array([two[0].pk]), "view", **asked).all()
