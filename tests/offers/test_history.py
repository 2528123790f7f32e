import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from loyalty.models import Product
from offers import approval, catalog, history
from offers.catalog import Text
from offers.models import Terms
from tests.offers.conftest import AT

pytestmark = pytest.mark.django_db


def test_facts_read_as_words(draft: Terms) -> None:
    said = history.facts(draft)
    assert (said["Gives"], said["Can be used"], said["Channels"]) == (
        "20% off",
        "1 May 2025 to 31 May 2025",
        "E-mail and App inbox",
    )


def test_what_is_not_said_is_left_out(draft: Terms) -> None:
    assert {"Product", "Budget", "Only for", "Age"}.isdisjoint(history.facts(draft))


def test_product_is_named_with_its_reference(make: Callable[..., Terms]) -> None:
    product = Product.objects.create(ref="P1", name="Arabica", category="x")
    assert history.facts(make(product=product))["Product"] == "Arabica (P1)"


def test_what_it_contains_is_named_with_what_its_product_is_flagged_as(make: Callable[..., Terms]) -> None:
    product = Product.objects.create(ref="P1", name="Ham", category="x", flags=["pork", "private_label"])
    said = history.facts(make(product=product, contains=["alcohol", "nuts"]))
    assert said["Contains"] == "Pork, nuts, alcohol"


def test_rule_without_profiles_says_so(make: Callable[..., Terms]) -> None:
    assert (
        history.facts(make(eligibility={"all": []}))["Only for"] == "a rule that can be shown once there are profiles"
    )


def test_changes_name_the_fact_before_and_after(approved: Terms, mara: User) -> None:
    draft = catalog.revise(approved.offer, by=mara, at=AT)
    catalog.edit(draft, by=mara, value=Decimal(25), texts={"app": Text("New", "New")})
    changed = [(c.label, c.before, c.after) for c in history.changes(approved, Terms.objects.get(pk=draft.pk))]
    assert changed == [
        ("Gives", "20% off", "25% off"),
        ("App inbox: subject", "{{ offer }}", "New"),
        ("App inbox: text", "{{ value }} off from {{ minimum_spend }}.", "New"),
    ]


def test_fact_that_went_is_a_change(approved: Terms, mara: User) -> None:
    draft = catalog.revise(approved.offer, by=mara, at=AT)
    catalog.edit(draft, by=mara, minimum_spend=Decimal(0))
    (change,) = history.changes(approved, Terms.objects.get(pk=draft.pk))
    assert (change.label, change.before, change.after) == ("Minimum spend", "€10", history.NOTHING)


def test_fact_that_came_is_a_change(approved: Terms, mara: User) -> None:
    draft = catalog.revise(approved.offer, by=mara, at=AT)
    catalog.edit(draft, by=mara, budget=Decimal(500))
    (change,) = history.changes(approved, Terms.objects.get(pk=draft.pk))
    assert (change.before, change.after) == (history.NOTHING, "€500")


def test_copied_terms_change_nothing(approved: Terms, mara: User) -> None:
    assert history.changes(approved, catalog.revise(approved.offer, by=mara, at=AT)) == []


def test_first_terms_are_all_new(draft: Terms) -> None:
    assert {comparison.before for comparison in history.compare(None, draft)} == {history.NOTHING}


def test_history_is_newest_first(approved: Terms, mara: User) -> None:
    draft = catalog.revise(approved.offer, by=mara, at=AT)
    catalog.edit(draft, by=mara, valid_until=dt.date(2025, 6, 30))
    entries = history.of(approved.offer)
    assert [(entry.terms.number, len(entry.changes)) for entry in entries] == [(2, 1), (1, 0)]


def test_comparison_is_with_the_last_approved_terms(approved: Terms, mara: User, abel: User) -> None:
    second = approval.submit(catalog.revise(approved.offer, by=mara, at=AT), by=mara, at=AT)
    approval.return_(second, by=abel, at=AT, comment="No.")
    assert history.approved_before(catalog.revise(approved.offer, by=mara, at=AT)) == approved


def test_first_terms_have_none_approved_before(waiting: Terms) -> None:
    assert history.approved_before(waiting) is None


def test_history_does_not_ask_per_terms(
    approved: Terms, mara: User, abel: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(5):
        terms = approval.submit(catalog.revise(approved.offer, by=mara, at=AT), by=mara, at=AT)
        approval.return_(terms, by=abel, at=AT, comment="No.")
    with django_assert_max_num_queries(4):
        history.of(approved.offer)
