"""A form changes the fields it shows and no other, whatever else is posted with it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import User
from django.db.models import Field, Model
from django.test import Client
from rest_framework import serializers

from campaigns.models import Campaign
from config import urls  # noqa: F401 - brings every form and serializer along
from loyalty import preferences, profiles, segmentation
from loyalty.models import Consent, Member, Segment, Statement
from offers import catalog
from offers.models import Terms
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db

PROTECTED = {
    Campaign: {"ref", "state", "imported", "design", "salt", "created_by", "created_at", "launched_by", "launched_at"},
    Terms: {"offer", "number", "state", "author", "created_at", "submitted_at", "eligibility"},
    Segment: {"created_by", "created_at"},
    Consent: {"member", "at", "recorded_at", "source", "wording"},
}
OURS = ("loyalty", "offers", "campaigns", "analytics", "config")

# -- what forms and serializers declare --------------------------------------------------------------------------------


def below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield from below(each)
        if each.__module__.split(".")[0] in OURS:
            yield each


def open_fields(meta: Any) -> set[str]:
    """The protected fields that a form or serializer would let in."""
    if meta.fields in (None, "__all__") or getattr(meta, "exclude", None):
        return set(PROTECTED.get(meta.model, {"all of them"}))
    return set(meta.fields) & PROTECTED.get(meta.model, set())


@pytest.mark.parametrize("form", list(below(forms.ModelForm)), ids=lambda form: form.__name__)
def test_form_names_its_fields_and_no_protected_one(form: type[forms.ModelForm]) -> None:
    assert open_fields(form._meta) == set()


@pytest.mark.parametrize("told", list(below(serializers.ModelSerializer)), ids=lambda told: told.__name__)
def test_serializer_names_its_fields_and_no_protected_one(told: type[serializers.ModelSerializer]) -> None:
    assert open_fields(told.Meta) == set()


@pytest.mark.parametrize("fields", ["__all__", ["name", "state"]])
def test_open_form_would_be_found(fields: Any) -> None:
    """The negative control."""
    form = forms.modelform_factory(Campaign, fields=fields)
    assert "state" in open_fields(form._meta)


# -- what posting does -------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(mara: User, settings: Any, tmp_path: Any) -> Campaign:
    settings.DATA, settings.CLOCK = tmp_path, "tests.test_mass_assignment.noon"
    making.purchase(making.member(), at=NOON - making.DAY, product=making.product())
    profiles.build(NOON.date(), at=NOON)
    segmentation.save(None, name="Everybody", rule={"all": []}, by=mara, at=NOON)
    return making.campaign(ref="draft", created_by=mara)


def noon() -> Any:
    return NOON


def everything(model: type[Model], noor: User) -> dict[str, str]:
    """A value for every column of the table, such as would make the row Noor's own, launched and approved."""
    return {
        name: _hostile(field, noor)
        for field in model._meta.concrete_fields
        for name in {field.name, field.attname}
        if not field.primary_key
    }


def _hostile(field: Field, noor: User) -> str:
    if field.is_relation:
        return str(noor.pk)
    if field.choices:
        return next((value for value in ("approved", "running") if value in dict(field.choices)), field.choices[-1][0])
    kinds = {"DateTimeField": "2001-01-01T00:00Z", "BooleanField": "on", "JSONField": "{}", "TextField": "mine"}
    return kinds.get(field.get_internal_type(), "77")


def protected(row: Model) -> dict[str, Any]:
    return type(row).objects.filter(pk=row.pk).values(*PROTECTED[type(row)]).get()


STEPS = {
    "brief": {"name": "New", "hypothesis": "H", "primary_metric": "spend", "exit_criterion": "E"},
    "audience": {"channels": ["email"]},
    "limits": {
        "contact_cost": "1",
        "total_budget": "",
        "contact_limit": "",
        "offers_each": "1",
        "contacts_per_member": "",
        "contact_days": "7",
    },
    "holdout": {"per_cent": "20", "outcome_days": "7", "per_cent_explored": "5"},
    "dates": {"starts_on": "2026-03-02", "ends_on": "2026-03-20"},
}


@pytest.mark.parametrize("step", STEPS)
def test_step_of_the_builder_changes_its_own_fields(
    draft: Campaign, step: str, as_: Callable[[User], Client], milo: User, noor: User
) -> None:
    before, form = protected(draft), {**everything(Campaign, noor), **STEPS[step]}
    if step == "audience":
        form["segment"] = Segment.objects.get().pk
    response = as_(milo).post(f"/campaigns/draft/step/{step}/", form)
    assert response.status_code == 302  # it was saved
    assert protected(draft) == before


def test_new_campaign_takes_its_name_alone(
    draft: Campaign, as_: Callable[[User], Client], mara: User, noor: User
) -> None:
    as_(mara).post("/campaigns/new/", {**everything(Campaign, noor), "name": "Mine"})
    made = Campaign.objects.get(name="Mine")
    assert (made.ref, made.state, made.created_by, made.launched_by, made.imported) == (
        "mine",
        "draft",
        mara,
        None,
        False,
    )
    assert made.salt != "mine"


@pytest.mark.parametrize("verb", ["save", "submit"])
def test_editor_of_terms_changes_what_it_shows(
    as_: Callable[[User], Client], mara: User, noor: User, verb: str
) -> None:
    terms = catalog.create("C1", by=mara, at=NOON, name="Tea", kind="information", channels=[])
    shown = {"name": "Coffee", "kind": "amount", "value": "3", "valid_from": "", "valid_until": "", "channels": []}
    whole = {"limit_per_member": "", "limit_total": "", "budget": "", "product": "", "product_id": ""}
    before = protected(terms)
    as_(mara).post(
        f"/offers/C1/{verb}/", {**everything(Terms, noor), **whole, **shown, "channels": ["app"], "contains": []}
    )
    terms.refresh_from_db()
    assert terms.name == "Coffee"
    assert protected(terms) == before  # without words for the app, submitting is refused


def test_saved_segment_is_of_who_saved_it(
    draft: Campaign, as_: Callable[[User], Client], mara: User, noor: User
) -> None:
    form = {**everything(Segment, noor), "do": "save", "name": "Mine", "0:match": "all"}
    assert as_(mara).post("/segments/new/", form).status_code == 302
    made = Segment.objects.get(name="Mine")
    assert (made.created_by, made.created_at) == (mara, NOON)


def test_member_tells_us_of_themselves_in_our_words(draft: Campaign, noor: User) -> None:
    member, other = Member.objects.get(), making.member()
    form = {**everything(Statement, noor), "topic": "diet", "value": ["pork"], "member": other.pk}
    Client().post(f"{preferences.path_for(member)}tell/", form)
    row = Statement.objects.get()
    assert (row.member, row.source, row.at, row.stated) == (member, "preference page", NOON, True)
    assert row.wording == "I do not eat or drink pork."


def test_member_chooses_for_themselves_in_our_words(draft: Campaign, noor: User) -> None:
    member, other = Member.objects.get(), making.member()
    form = {**everything(Consent, noor), "purpose": "marketing", "channel": "email", "granted": "yes"}
    Client().post(f"{preferences.path_for(member)}choose/", {**form, "member": other.pk, "member_id": other.pk})
    row = Consent.objects.get()
    assert (row.member, row.source, row.at) == (member, "preference page", NOON)
    assert row.wording == "We send offers to your e-mail address."
