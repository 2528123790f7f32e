import datetime as dt
import threading

import pytest
from django.db import connection

from loyalty import identity, profiles, segmentation
from loyalty.models import Member, Segment, Snapshot
from loyalty.refusal import Refused
from loyalty.segmentation import audience
from tests import making

pytestmark = pytest.mark.django_db
NOON, AS_OF = making.NOON, dt.date(2026, 3, 3)


def within(days: int) -> dict:
    return {"feature": "recency_days", "is": "at_most", "value": days}


@pytest.fixture
def members(settings, tmp_path):
    """Three, who bought 2, 5 and 40 days ago."""
    settings.DATA = tmp_path
    for days in (2, 5, 40):
        making.purchase(making.member(), at=NOON - days * making.DAY, product=making.product())
    return profiles.opened(profiles.build(AS_OF, at=NOON), on=AS_OF)


def save(name: str, rule: dict, segment: Segment | None = None) -> Segment:
    return segmentation.save(segment, name=name, rule=rule, by=None, at=NOON).segment


def count(rule: dict, members, **asked) -> int:
    return segmentation.inside(segmentation.parsed(rule, members, **asked), members).count


def test_a_segment_that_asks_for_another_follows_what_is_saved_there(members):
    recent = save("Recent", {"all": [within(10)]})
    rule = {"all": [{"segment": recent.pk}, {"not": within(3)}]}
    assert count(rule, members) == 1
    save("Recent", {"all": [within(50)]}, recent)
    assert count(rule, members) == 2


def test_asking_in_a_circle_is_refused_by_name_when_it_is_saved(members):
    first = save("First", {"all": [within(10)]})
    second = save("Second", {"any": [{"segment": first.pk}]})
    with pytest.raises(Refused, match="“First” asks for “Second”, which asks for “First”"):
        save("First", {"any": [{"segment": second.pk}]}, first)
    assert first.versions.count() == 1


def test_a_segment_that_nobody_made_cannot_be_asked_for(members):
    with pytest.raises(Refused, match="There is no segment 99999"):
        save("Lost", {"all": [{"segment": 99999}]})


def test_a_segment_knows_which_others_ask_for_it_now(members):
    recent = save("Recent", {"all": [within(10)]})
    user = save("User", {"not": {"any": [{"all": [{"segment": recent.pk}]}]}})
    former = save("Former user", {"all": [{"segment": recent.pk}]})
    save("Former user", {"all": []}, former)
    assert segmentation.users_of(recent) == [user]


@pytest.mark.django_db(transaction=True)
def test_two_saves_that_cross_do_not_close_a_circle(members):
    first, second = save("First", {"all": []}), save("Second", {"all": []})
    refused, both = [], threading.Barrier(2)

    def ask(segment: Segment, other: Segment) -> None:
        both.wait(timeout=10)
        try:
            save(segment.name, {"all": [{"segment": other.pk}]}, segment)
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(refused) == 1
    assert "a segment cannot ask for itself" in refused[0]


def test_overlap_counts_those_in_both_and_leaves_the_segment_itself_out(members):
    recent, everybody = save("Recent", {"all": [within(10)]}), save("Everybody", {"all": []})
    asking = save("Not recent", {"not": {"segment": recent.pk}})
    rule = segmentation.parsed({"all": [within(4)]}, members)
    found = audience.overlaps(rule, members, of=asking)
    assert [(each.segment, each.both, each.share) for each in found] == [(everybody, 1, 1.0), (recent, 1, 1.0)]


def test_overlap_leaves_out_what_can_no_longer_be_read(members):
    save("Everybody", {"all": []}).versions.update(rule={"feature": "gone", "is": "known"})
    assert audience.overlaps(segmentation.parsed({"all": []}, members), members) == []


def test_overlap_of_nobody_is_no_share_of_anything(members):
    save("Everybody", {"all": []})
    (found,) = audience.overlaps(segmentation.parsed({"any": []}, members), members)
    assert (found.both, found.share) == (0, 0.0)


@pytest.mark.parametrize("merged_first", [True, False])
def test_who_was_merged_is_answered_for_by_the_member_it_counts_as(settings, tmp_path, merged_first):
    settings.DATA = tmp_path
    kept, other = making.member(ref="m-kept"), making.member(ref="m-other")
    making.purchase(kept, at=NOON - 5 * making.DAY, product=making.product())
    steps = [
        lambda: identity.merge(kept, other, by=None, at=NOON, why="test"),
        lambda: profiles.build(dt.date(2026, 3, 3), at=NOON),
    ]
    for step in steps if merged_first else reversed(steps):
        step()
    members = profiles.opened(Snapshot.objects.latest_ready(), on=AS_OF)
    answer = audience.why(segmentation.parsed({"all": [within(10)]}, members), members, "m-other")
    assert answer == audience.Answer(
        holds=True, sentence="Days since last purchase is 6, which is at most 10.", counts_as="m-kept"
    )


def test_who_was_not_merged_is_answered_for_alone(members):
    answer = audience.why(segmentation.parsed({"all": []}, members), members, Member.objects.first().ref)
    assert answer.counts_as == ""
