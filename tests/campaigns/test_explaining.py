from functools import partial

import pytest

from campaigns import explaining, launching, run
from campaigns.models import Campaign
from campaigns.models.decision import HELD_OUT
from loyalty import consent
from loyalty.models.consent import Channel, Purpose
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db

SCARCE, PLENTY = 0, 1


@pytest.fixture
def finished(draft, mara, monkeypatch, mailoutbox):
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    return launched


@pytest.fixture
def given(finished):
    """Why the first member with that offer got it."""

    def why(position):
        return explaining.why(finished.decisions.filter(run_offer__position=position).order_by("member").first())

    return why


def test_the_offer_given_is_named_with_the_number_open(given):
    assert given(SCARCE).sentence.startswith("Scarce: of 2 offers open to this member it was expected to earn most")


def test_the_offer_given_stands_first_and_alone_is_given(given):
    for position, name in ((SCARCE, "Scarce"), (PLENTY, "Plenty")):
        options = given(position).options
        assert (options[0].name, options[0].is_given) == (name, True)
        assert [option.is_given for option in options].count(True) == 1


def test_what_is_left_is_the_worth_less_the_price_of_the_limits(given):
    for option in given(SCARCE).options:
        assert option.net == pytest.approx(option.value - option.price)


def test_the_price_is_that_of_the_run(finished, given):
    prices = {each.offer.ref: each.price for each in finished.offers.select_related("offer")}
    assert {option.offer_ref: option.price for option in given(SCARCE).options} == pytest.approx(prices)


def test_the_worth_is_that_on_which_the_run_decided(finished):
    for decision in finished.decisions.filter(run_offer__isnull=False).select_related("member")[:5]:
        given = explaining.why(decision).options[0]
        assert given.value == pytest.approx(decision.score)


def test_no_option_left_more_than_the_one_given(finished):
    """With two offers and no shared limit, prices make each member's best offer the one assigned."""
    for decision in finished.decisions.filter(run_offer__isnull=False)[:10]:
        given, *others = explaining.why(decision).options
        assert all(given.net >= other.net - 0.01 for other in others if other.is_open)


def test_a_held_out_member_is_told_the_share(finished):
    why = explaining.why(finished.decisions.filter(arm=HELD_OUT).first())
    assert "fall into the 20% that get nothing" in why.sentence
    assert not any(option.is_given for option in why.options)


def test_a_member_for_whom_nothing_was_worth_it_is_told_so(finished, shoppers):
    nobody = making.decision(finished, making.member(), held_out=False)
    nobody.member = shoppers[1]
    assert explaining.why(nobody).sentence.startswith("Nothing: no offer that was open to this member was worth more")


def test_another_tools_decision_has_no_reasons(finished):
    Campaign.objects.update(imported=True)
    assert explaining.why(finished.decisions.first()) == explaining.Why(explaining.IMPORTED, ())


@pytest.fixture
def once(monkeypatch):
    """Offers that may be redeemed once; ask for it before the run."""
    monkeypatch.setattr(making, "approved_terms", partial(making.approved_terms, limit_per_member=1))


def test_what_happened_since_does_not_change_what_was_open_then(once, finished):
    decision = finished.decisions.filter(run_offer__position=PLENTY).first()
    making.purchase(decision.member, at=making.NOON + making.DAY, offer_ref=decision.run_offer.offer.ref)
    refuse = {"channel": Channel.EMAIL, "granted": False, "source": "test"}
    consent.record(decision.member, purpose=Purpose.MARKETING, at=making.NOON + making.DAY, **refuse)
    assert all(option.is_open for option in explaining.why(decision).options)


def test_what_was_redeemed_before_still_stands_in_the_way(once, finished):
    decision = finished.decisions.filter(run_offer__position=PLENTY).first()
    other = finished.offers.get(position=SCARCE).offer
    making.purchase(decision.member, at=making.NOON - making.DAY, offer_ref=other.ref)
    assert "redeemed the most times allowed" in explaining.why(decision).options[1].reason


def test_days_later_a_decision_is_told_by_what_was_relied_on_at_its_run(finished, given, monkeypatch):
    before = given(SCARCE)
    monkeypatch.setattr("loyalty.clock.now", lambda: making.NOON + 30 * making.DAY)
    assert given(SCARCE) == before
    assert before.options[0].value > 0
