from decimal import Decimal

import pytest

from loyalty.files import kinds
from loyalty.profiling.stating import INGREDIENTS
from offers import catalog
from offers.models import Offer, Terms
from tests import making
from tests.bringing import AT, bring, data, fates, rejects

__all__ = ["bring", "data"]

HEADER = "offer_ref,name,kind"


def test_an_offer_becomes_a_draft_of_its_terms(bring, mara):
    bring("products", "product_ref,name,category\np1,Beans,Coffee\n")
    header = (
        f"{HEADER},value,minimum_spend,valid_from,valid_until,category,product_ref,cost,channels,budget,limit_total"
    )
    bring(
        "offers", f"{header}\no1,Ten off,percent,10,20,2026-03-01,2026-03-31,Coffee,p1,0.5,email;app,900,70\n", by=mara
    )
    terms = Terms.objects.get()
    assert (terms.offer.ref, terms.number, terms.state, terms.author) == ("o1", 1, "draft", mara)
    assert (terms.value, terms.minimum_spend, terms.reward_cost) == (10, 20, Decimal("0.5"))
    assert (terms.product.ref, terms.channels, terms.budget, terms.limit_total) == ("p1", ["email", "app"], 900, 70)
    assert terms.limit_per_member is None


def test_a_draft_of_nobodys_can_be_changed_by_anybody(bring, mara):
    bring("offers", f"{HEADER}\no1,Old,points\n")
    assert fates(bring("offers", f"{HEADER}\no1,New,points\n", by=mara)) == (0, 1, 0, 0)
    terms = Terms.objects.get()
    assert (terms.name, terms.author) == ("New", mara)


@pytest.mark.parametrize("by_somebody", [True, False])
def test_nobody_changes_anothers_draft_by_a_file(bring, mara, abel, by_somebody):
    bring("offers", f"{HEADER}\no1,Hers,points\n", by=mara)
    result = bring("offers", f"{HEADER}\no1,His,points\n", by=abel if by_somebody else None)
    assert rejects(result)[0][:3] == (2, "offer_ref", "o1")
    assert Terms.objects.get().name == "Hers"


def test_terms_that_were_submitted_do_not_change(bring, mara):
    bring("offers", f"{HEADER}\no1,Ten off,points\n", by=mara)
    terms = Terms.objects.get()
    Terms.objects.filter(pk=terms.pk).update(state="submitted")
    assert fates(bring("offers", f"{HEADER}\no1,Ten off,points\n", by=mara)) == (0, 0, 1, 0)
    assert fates(bring("offers", f"{HEADER}\no1,Eleven off,points\n", by=mara)) == (0, 0, 0, 1)
    assert Terms.objects.get().name == "Ten off"


def test_the_newest_terms_are_the_ones_that_change(bring, mara, abel):
    approved = making.approved_terms(author=mara, approver=abel)
    catalog.revise(approved.offer, by=mara, at=AT)
    result = bring("offers", f"{HEADER}\n{approved.offer.ref},Second,amount\n", by=mara)
    assert fates(result) == (0, 1, 0, 0)
    assert [terms.name for terms in approved.offer.terms.order_by("number")] == ["Coffee day", "Second"]


def test_an_offer_from_a_file_is_not_approved(bring, mara, abel):
    bring("offers", f"{HEADER}\no1,Ten off,points\n", by=mara)
    assert not Terms.objects.approved().exists()


def test_a_product_for_adults_makes_an_offer_for_adults(bring):
    bring("products", "product_ref,name,category,flags\np1,Stout,Beer,alcohol\np2,Tea,Tea,\n")
    bring("offers", f"{HEADER},product_ref\no1,A,points,p1\no2,B,points,p2\no3,C,points,\n")
    assert [terms.age_restricted for terms in Terms.objects.order_by("offer__ref")] == [True, False, False]


def test_what_an_offer_contains_comes_with_it(bring):
    bring("offers", f"{HEADER},contains\no1,A,points,pork;alcohol\no2,B,points,\n")
    assert [terms.contains for terms in Terms.objects.order_by("offer__ref")] == [["pork", "alcohol"], []]


def test_what_nobody_knows_to_be_in_it_is_rejected(bring):
    ((_, column, _, _),) = rejects(bring("offers", f"{HEADER},contains\no1,A,points,poison\n"))
    assert column == "contains"


def test_a_file_says_of_an_offer_what_a_member_may_avoid():
    (column,) = (each for each in kinds.OFFERS.columns if each.name == "contains")
    assert column.choices == tuple(INGREDIENTS)


def test_an_offer_twice_in_a_file_is_one_offer(bring):
    assert fates(bring("offers", f"{HEADER}\no1,A,points\no1,A,points\no1,B,points\n")) == (1, 1, 1, 0)
    assert Offer.objects.count() == 1
    assert Terms.objects.get().name == "B"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("o1,A,gift,,,,", "kind"),
        ("o1,A,percent,101,,,", "value"),
        ("o1,A,percent,-1,,,", "value"),
        ("o1,A,points,1,2026-03-02,2026-03-01,", "valid_until"),
        ("o1,A,points,1,,,fax", "channels"),
    ],
)
def test_terms_that_make_no_sense_are_rejected(bring, row, column):
    ((_, at_fault, _, _),) = rejects(bring("offers", f"{HEADER},value,valid_from,valid_until,channels\n{row}\n"))
    assert at_fault == column


def test_dates_are_held_against_those_that_are_known(bring):
    bring("offers", f"{HEADER},valid_from\no1,A,points,2026-03-02\n")
    ((_, at_fault, _, _),) = rejects(bring("offers", f"{HEADER},valid_until\no1,A,points,2026-03-01\n"))
    assert at_fault == "valid_until"
