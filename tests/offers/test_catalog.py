import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from loyalty.models import Product
from loyalty.profiling.table import Feature, Profiles
from loyalty.refusal import Refused
from offers import approval, catalog
from offers.catalog import Text
from offers.models import Content, Offer, Terms
from offers.rules.terms import ALWAYS, FOREVER
from tests.offers.conftest import AT, TEXTS

pytestmark = pytest.mark.django_db

AGE = Feature("age", "Age", "years", "number", "members", "eligibility", "You are {value}.")
NOBODY = Profiles(dt.date(2025, 5, 1), np.array([], np.int64), {"age": np.array([], np.float32)}, {}, {"age": AGE})


def test_new_offer_begins_with_a_draft(draft: Terms, mara: User) -> None:
    assert (draft.number, draft.state, draft.author) == (1, "draft", mara)


def test_texts_are_kept_with_the_terms(draft: Terms) -> None:
    assert draft.contents.get(channel="app").subject == "{{ offer }}"


def test_an_offer_of_a_flagged_product_is_kept_away_though_its_terms_say_nothing(make: Callable[..., Terms]) -> None:
    flagged = Product.objects.create(ref="P1", name="Stout", category="Beer", flags=["alcohol", "private_label"])
    rows = [make("A", product=flagged), make("B", contains=["pork"]), make("C")]
    assert catalog.terms_table(rows, NOBODY).contains == [{"alcohol"}, {"pork"}, set()]


def test_new_terms_contain_what_the_last_did(approved: Terms, make: Callable[..., Terms], mara: User) -> None:
    draft = make("D", contains=["pork"])
    Terms.objects.filter(pk=draft.pk).update(state="returned")
    assert catalog.revise(draft.offer, by=mara, at=AT).contains == ["pork"]


def test_taken_reference_is_refused(draft: Terms, milo: User) -> None:
    with pytest.raises(Refused, match="There is an offer C1 already"):
        catalog.create("C1", by=milo, at=AT, name="Other", kind="amount")


def test_refused_creation_leaves_nothing(draft: Terms, milo: User) -> None:
    with pytest.raises(Refused):
        catalog.create("C1", by=milo, at=AT, name="Other", kind="amount")
    assert Terms.objects.count() == 1


def test_author_changes_a_draft(draft: Terms, mara: User) -> None:
    catalog.edit(draft, by=mara, value=Decimal(25))
    draft.refresh_from_db()
    assert draft.value == 25


def test_another_marketer_does_not_change_it(draft: Terms, milo: User) -> None:
    with pytest.raises(PermissionDenied, match="Only the author of these terms changes them"):
        catalog.edit(draft, by=milo, value=Decimal(25))


def test_draft_from_a_file_becomes_its_first_editors(make: Callable[..., Terms], milo: User) -> None:
    assert catalog.edit(make(by=None), by=milo, name="Tea week").author == milo


def test_emptied_text_is_removed(draft: Terms, mara: User) -> None:
    catalog.edit(draft, by=mara, texts={"app": Text(" ", "")})
    assert list(draft.contents.values_list("channel", flat=True)) == ["email"]


def test_text_that_is_left_out_stays(draft: Terms, mara: User) -> None:
    catalog.edit(draft, by=mara, texts={"app": Text("New", "New")})
    assert draft.contents.get(channel="email").subject == TEXTS["email"].subject


def test_submitted_terms_are_not_edited(waiting: Terms, mara: User) -> None:
    with pytest.raises(Refused, match="Terms 1 were submitted, so they no longer change"):
        catalog.edit(waiting, by=mara, value=Decimal(25))


def test_the_database_freezes_submitted_terms(waiting: Terms) -> None:
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Terms.objects.filter(pk=waiting.pk).update(value=99)


def test_the_database_freezes_their_texts(waiting: Terms) -> None:
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Content.objects.filter(terms=waiting).update(body="other")


def test_new_terms_copy_the_newest(approved: Terms, milo: User) -> None:
    draft = catalog.revise(approved.offer, by=milo, at=AT)
    assert (draft.number, draft.state, draft.author, draft.value) == (2, "draft", milo, approved.value)


def test_new_terms_copy_the_texts(approved: Terms, milo: User) -> None:
    draft = catalog.revise(approved.offer, by=milo, at=AT)
    assert {c.channel: Text(c.subject, c.body) for c in draft.contents.all()} == TEXTS


def test_new_terms_are_refused_beside_a_draft(draft: Terms, milo: User) -> None:
    with pytest.raises(Refused, match="Terms 1 are still a draft"):
        catalog.revise(draft.offer, by=milo, at=AT)


def test_new_terms_are_refused_while_some_wait(waiting: Terms, milo: User) -> None:
    with pytest.raises(Refused, match="Terms 1 wait for approval"):
        catalog.revise(waiting.offer, by=milo, at=AT)


def test_returned_terms_can_be_made_anew(waiting: Terms, abel: User, mara: User) -> None:
    approval.return_(waiting, by=abel, at=AT, comment="Too much.")
    assert catalog.revise(waiting.offer, by=mara, at=AT).number == 2


def test_discarded_first_draft_takes_its_offer_along(draft: Terms, mara: User) -> None:
    catalog.discard(draft, by=mara)
    assert not Offer.objects.exists()


def test_discarded_later_draft_leaves_the_offer(approved: Terms, milo: User) -> None:
    catalog.discard(catalog.revise(approved.offer, by=milo, at=AT), by=milo)
    assert list(approved.offer.terms.all()) == [approved]


def test_another_marketers_draft_is_not_discarded(draft: Terms, milo: User) -> None:
    with pytest.raises(PermissionDenied):
        catalog.discard(draft, by=milo)


def test_submitted_terms_are_not_discarded(waiting: Terms, mara: User) -> None:
    with pytest.raises(Refused):
        catalog.discard(waiting, by=mara)


def test_table_holds_amounts_as_floats(draft: Terms) -> None:
    table = catalog.terms_table([draft], NOBODY)
    assert (table.value[0], table.minimum_spend[0], table.reward_cost[0]) == (20.0, 10.0, 0.0)


def test_table_holds_days_since_1970(draft: Terms) -> None:
    table = catalog.terms_table([draft], NOBODY)
    days = [(day - dt.date(1970, 1, 1)).days for day in (dt.date(2025, 5, 1), dt.date(2025, 5, 31))]
    assert [table.valid_from[0], table.valid_until[0]] == days


def test_open_dates_are_always_and_forever(make: Callable[..., Terms]) -> None:
    table = catalog.terms_table([make(valid_from=None, valid_until=None)], NOBODY)
    assert (table.valid_from[0], table.valid_until[0]) == (ALWAYS, FOREVER)


def test_missing_limits_are_none(draft: Terms) -> None:
    table = catalog.terms_table([draft], NOBODY)
    assert (table.limit_per_member[0], table.limit_total[0], np.isnan(table.budget[0])) == (0, -1, True)


def test_department_is_the_first_part_of_the_category(draft: Terms) -> None:
    assert catalog.terms_table([draft], NOBODY).departments == ["Grocery"]


def test_department_of_the_product_stands_in(make: Callable[..., Terms]) -> None:
    product = Product.objects.create(ref="P1", name="Tea", category="Drinks > Tea")
    assert catalog.terms_table([make(category="", product=product)], NOBODY).departments == ["Drinks"]


def test_offer_for_no_department_has_none(make: Callable[..., Terms]) -> None:
    assert catalog.terms_table([make(category="")], NOBODY).departments == [None]


def test_table_keeps_the_order_given(make: Callable[..., Terms]) -> None:
    rows = [make("B"), make("A")]
    assert catalog.terms_table(rows, NOBODY).offer_refs == ["B", "A"]


def test_table_reads_an_offers_own_rule(make: Callable[..., Terms]) -> None:
    rule = {"feature": "age", "is": "at_least", "value": 40}
    assert catalog.terms_table([make(eligibility=rule)], NOBODY).rules[0] is not None


def test_rule_about_an_unknown_feature_is_refused_by_the_offers_name(make: Callable[..., Terms]) -> None:
    terms = make(eligibility={"feature": "shoe_size", "is": "at_least", "value": 40})
    with pytest.raises(Refused, match="The rule of C1 cannot be used"):
        catalog.terms_table([terms], NOBODY)


def test_table_of_a_hundred_offers_asks_twice(
    make: Callable[..., Terms], django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(20):
        make(f"C{number}")
    with django_assert_max_num_queries(2):
        catalog.terms_table(Terms.objects.order_by("pk"), NOBODY)
