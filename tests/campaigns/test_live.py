import pytest

from campaigns import live
from campaigns.models import Run
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def iris():
    return making.member()


@pytest.fixture
def give(iris, mara, abel):
    def give(*, ends_at=None, state=Run.State.FINISHED, held_out=False, **facts):
        terms = making.approved_terms(author=mara, approver=abel, **facts)
        run = making.run(making.campaign(ends_at=ends_at), terms, state=state)
        return making.decision(run, iris, offer=None if held_out else run.offers.get(), held_out=held_out)

    return give


def live_of(member):
    return live.offers_of([member.pk], at=NOON, on=NOON.date())


def test_offer_that_can_be_used_is_live(give, iris):
    decision = give(valid_until=NOON.date(), ends_at=NOON + DAY)
    assert [(each.decision, each.uses) for each in live_of(iris)] == [(decision, 0)]


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_until": (NOON - DAY).date()},
        {"valid_from": (NOON + DAY).date()},
        {"ends_at": NOON},
        {"state": Run.State.CANCELLED},
        {"held_out": True},
    ],
)
def test_offer_that_is_over_not_begun_or_was_never_given_is_not_live(give, iris, facts):
    give(**facts)
    assert live_of(iris) == []


def test_offer_of_another_member_is_not_theirs(give):
    give()
    assert live_of(making.member()) == []


def test_baskets_with_the_offer_since_the_decision_are_counted(give, iris):
    decision = give()
    ref = decision.run_offer.offer.ref
    for basket, at in (("b-0", NOON - DAY), ("b-1", NOON), ("b-1", NOON), ("b-2", NOON + DAY)):
        making.purchase(iris, at=at, basket_ref=basket, offer_ref=ref)
    assert [each.uses for each in live_of(iris)] == [2]
