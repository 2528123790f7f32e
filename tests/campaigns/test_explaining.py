from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from campaigns import building, explaining, launching, run
from campaigns.explaining.stood import By, standing
from campaigns.models import Campaign
from campaigns.models.decision import HELD_OUT
from loyalty import consent, stated
from loyalty.models.consent import Channel, Purpose
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db

SCARCE, PLENTY = 0, 1
LIKING = "it counts as 2 times the average affinity at the least."
PLENTY_COSTS = {"name": "Plenty", "reward_cost": Decimal("0.2")}
PRICED_OUT = "Open, but priced out by its limit of 5 members: others gain more by it."
CLOSE = 1e-6  # scores have 7 digits, and are of a few units of money


@pytest.fixture
def draft(draft, mara, abel):
    """The scarce offer is worth more than the other, whose reward costs something."""
    offers = draft.offers.get(limit=5).offer, making.approved_terms(author=mara, approver=abel, **PLENTY_COSTS).offer
    building.choose_offers(draft, offers)
    return draft


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


def test_a_charge_is_named_after_its_limit(given):
    assert [charge.limit for charge in given(SCARCE).options[0].charges] == ["its limit of 5 members"]
    assert given(PLENTY).options[0].charges == ()


def test_an_offer_that_was_worth_less_is_told_as_such(given):
    _, (other, stood) = given(SCARCE).stood
    assert (other.name, stood) == ("Plenty", "Open, but worth less than what was given.")


def test_an_offer_that_was_worth_as_much_is_told_as_such(given):
    best, other = given(SCARCE).options
    twin = replace(best, name="Twin", rank=None)
    assert standing(twin, [best], By.PRICES).startswith("Open, and worth as much as what was given")
    assert standing(other, [best], By.PRICES) == "Open, but worth less than what was given."


def test_an_offer_that_its_limit_priced_out_is_told_with_that_limit(draft, finished, given):
    finished.offers.filter(position=SCARCE).update(price=1)
    _, (other, stood) = given(PLENTY).stood
    assert (other.name, stood) == ("Scarce", "Open, but priced out by its limit of 5 members: others gain more by it.")


def test_an_offer_that_was_worth_more_is_told_to_have_had_no_room(finished, given):
    """What prices alone would not have decided: the last places of an offer go to those who gain most."""
    finished.offers.update(price=0)
    why = given(PLENTY)
    assert why.stood[1][1] == "Open, but its last places went to members who gain more by it."
    assert why.sentence.startswith("Plenty: Scarce was expected to earn more, but its last places went to members")


def test_what_a_held_out_member_would_have_been_given_is_told_to_be_withheld(finished):
    decision = finished.decisions.filter(arm=HELD_OUT, withheld__isnull=False).first()
    name, why = decision.withheld.name, explaining.why(decision)
    assert why.sentence.startswith("Held out to measure lift: ")
    assert why.sentence.endswith(f"{name} would have been given, and was withheld to measure what it brings.")
    first, *others = why.stood
    assert (first[0].name, first[0].is_given, why.given) == (name, False, ())
    assert first[1] == "It would have been given, and was withheld to measure what it brings."
    assert {stood for _, stood in others} <= {PRICED_OUT, "Open, but held-out members get nothing."}


@pytest.fixture
def under_holdouts(draft, mara, monkeypatch, mailoutbox):
    """The same campaign in a year of whose members a third takes part in nothing, and half get what is best for all."""
    making.draw(universal_share=Decimal("0.3"), generic_share=Decimal("0.5"))
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    return launched


def test_who_takes_part_in_nothing_is_told_so_with_what_was_withheld(under_holdouts):
    decision = under_holdouts.decisions.filter(arm="universal", withheld__isnull=False).first()
    why = explaining.why(decision)
    assert why.sentence.startswith("Takes part in nothing this year, so that we can tell what the programme brings")
    assert "the 30% whom no campaign reaches" in why.sentence
    assert f"{decision.withheld.name} would have been given" in why.sentence


def test_a_held_out_member_for_whom_nothing_was_chosen_is_told_so(finished):
    decision = without_an_offer(finished)
    decision.arm, decision.held_out, decision.member = (
        HELD_OUT,
        True,
        finished.decisions.filter(arm="treated")[0].member,
    )
    assert explaining.why(decision).sentence.endswith("Nothing would have been given to them anyway.")


def test_the_generic_group_is_told_why_all_of_it_get_the_same(under_holdouts):
    of_it = under_holdouts.decisions.filter(arm="generic")
    given = explaining.why(of_it.filter(run_offer__isnull=False).first())
    assert "this member is in the group that gets the one offer that is best for all" in given.sentence
    assert [option.is_given for option in given.options].count(True) == 1
    assert given.stood[1][1].startswith("Open, but this member is in the group")


def test_the_parts_add_up_to_the_worth_on_which_the_run_decided(finished):
    for decision in finished.decisions.filter(run_offer__isnull=False):
        given = explaining.why(decision).options[0]
        assert given.margin - given.reward - given.contact - given.caution == pytest.approx(decision.score, abs=CLOSE)
        assert given.value == pytest.approx(decision.score, abs=CLOSE)


def test_without_the_cost_of_contact_an_offer_is_worth_so_much_more(finished, given):
    finished.campaign.contact_cost = Decimal("0.01")
    before = given(SCARCE).options[0]
    finished.campaign.contact_cost = Decimal(0)
    assert before.contact == 0.01
    assert given(SCARCE).options[0].value - before.value == pytest.approx(before.contact, abs=CLOSE)


def left_more(finished):
    """The options, of all members given something, that left more than what was given though they were open."""
    for decision in finished.decisions.filter(run_offer__isnull=False):
        given, *others = explaining.why(decision).options
        yield from (other for other in others if other.is_open and other.net > given.net + CLOSE)


def test_no_option_left_more_than_the_one_given(finished):
    """Of two offers one is scarce: its price alone makes each member's best offer the one assigned."""
    assert list(left_more(finished)) == []


def test_without_its_price_the_scarce_offer_would_have_been_everybodys(finished):
    """The control of the test above: the members who got the other one would have had it too."""
    assert finished.offers.get(position=SCARCE).price > CLOSE
    finished.offers.update(price=0)
    assert len(list(left_more(finished))) > 5


def test_a_held_out_member_is_told_the_share(finished):
    why = explaining.why(finished.decisions.filter(arm=HELD_OUT).first())
    assert "fall into the 20% that get nothing" in why.sentence
    assert not any(option.is_given for option in why.options)


def test_a_member_for_whom_nothing_was_worth_it_is_told_so(draft, finished):
    finished.campaign.contact_cost = Decimal(1)
    why = explaining.why(without_an_offer(finished))
    assert why.sentence.startswith("Nothing: no offer that was open to this member was worth more")
    assert {stood for _, stood in why.stood} == {"Open, but expected to bring no more than it costs."}


def test_a_member_for_whom_there_was_no_room_is_told_so(finished):
    assert explaining.why(without_an_offer(finished)).sentence.startswith("Nothing: the offers that would have been")


def without_an_offer(finished):
    """The decision of a member as if nothing had been given."""
    decision = finished.decisions.filter(run_offer__position=PLENTY).first()
    decision.run_offer = None
    decision.member = finished.decisions.filter(held_out=True).first().member
    return decision


def test_another_tools_decision_has_no_reasons(finished):
    Campaign.objects.update(imported=True)
    assert explaining.why(finished.decisions.first()) == explaining.Why(explaining.IMPORTED, ())


@pytest.fixture
def fan(shoppers):
    """A member who told us what they like before the run."""
    stated.tell(shoppers[1], "interest", ["Coffee"], source="test", at=making.NOON - making.DAY)
    return shoppers[1]


def test_what_a_member_told_us_they_like_is_named_beside_each_offer_of_it(fan, finished):
    options = explaining.why(finished.decisions.get(member=fan)).options
    assert {option.told for option in options} == {"They told us they like Coffee: " + LIKING}


@pytest.fixture
def fans(shoppers):
    """They all told us what they like before the run."""
    for each in shoppers:
        stated.tell(each, "interest", ["Coffee"], source="test", at=making.NOON - making.DAY)


def test_what_a_member_told_us_is_part_of_the_answer(fans, given):
    assert given(PLENTY).sentence.endswith("They told us they like Coffee: " + LIKING)


def test_what_nobody_told_us_is_no_part_of_it(given):
    assert "told us" not in given(PLENTY).sentence


def test_what_they_do_not_eat_is_named_where_it_kept_an_offer_away(draft, fan, mara, abel, monkeypatch):
    sausages = making.approved_terms(author=mara, approver=abel, name="Sausages", contains=["pork"]).offer
    building.choose_offers(draft, [*(each.offer for each in draft.offers.all()), sausages])
    stated.tell(fan, "diet", ["meat"], source="test", at=making.NOON - making.DAY)
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    (kept,) = (each for each in explaining.why(launched.decisions.get(member=fan)).options if each.name == "Sausages")
    assert kept.reason == "Not eligible: the member told us they do not eat or drink what it contains."
    assert kept.told == "They told us they do not eat or drink meat."


def test_what_they_told_us_since_had_no_say(fan, finished):
    stated.tell(fan, "interest", [], source="test", at=making.NOON + making.DAY)
    assert all(option.told for option in explaining.why(finished.decisions.get(member=fan)).options)


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
