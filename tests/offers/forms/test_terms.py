from collections.abc import Callable

import pytest

from offers.forms import TermsForm
from offers.models import Terms

pytestmark = pytest.mark.django_db

WRITTEN = {"name": "Tea", "kind": "amount", "value": "5", "channels": ["app"], "app_body": "one\r\ntwo"}


def test_empty_form_of_a_draft_is_valid_but_for_name_and_kind(draft: Terms) -> None:
    assert set(TermsForm({}, instance=draft).errors) == {"name", "kind"}


def test_line_breaks_are_kept_as_one_kind(draft: Terms) -> None:
    form = TermsForm(WRITTEN, instance=draft)
    assert form.is_valid()
    assert form.texts()["app"].body == "one\ntwo"


def test_one_open_draft_does_not_stand_in_its_own_way(draft: Terms) -> None:
    assert TermsForm(WRITTEN, instance=draft).is_valid()


def test_typed_terms_hold_what_can_be_read(draft: Terms) -> None:
    form = TermsForm(WRITTEN | {"value": "lots"}, instance=draft)
    form.is_valid()
    terms, _ = form.typed()
    assert (terms.name, terms.value) == ("Tea", 20)


def test_typing_saves_nothing(draft: Terms) -> None:
    TermsForm(WRITTEN, instance=draft).is_valid()
    assert Terms.objects.get().name == "Coffee week"


def test_what_it_contains_is_among_the_facts(draft: Terms) -> None:
    form = TermsForm(WRITTEN | {"contains": ["pork", "nuts"]}, instance=draft)
    assert form.is_valid()
    assert form.facts()["contains"] == ["pork", "nuts"]


def test_what_nobody_knows_to_be_in_it_is_refused(draft: Terms) -> None:
    assert set(TermsForm(WRITTEN | {"contains": ["poison"]}, instance=draft).errors) == {"contains"}


def test_own_rule_is_offered_as_it_was(make: Callable[..., Terms]) -> None:
    form = TermsForm(instance=make(eligibility={"all": []}))
    assert form.initial["only_for"] == "as before"
