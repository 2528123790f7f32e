from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client, RequestFactory

from loyalty.models import Consent, MachineKey
from tests import making

pytestmark = pytest.mark.django_db

APPS = ("loyalty", "offers", "campaigns", "analytics")
# Keys are the administrators' own to make and take back; all the rest is the product's.
OURS = [model for model in admin.site._registry if model._meta.app_label in APPS and model is not MachineKey]
ids = [model.__name__ for model in OURS]


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root")


@pytest.fixture
def administrator(root: User) -> Client:
    client = Client()
    client.force_login(root, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def something(mara: User, abel: User) -> None:
    """A row or more in most tables."""
    member = making.member()
    making.grant(member, "email")
    making.product()
    run = making.run(making.campaign(), making.approved_terms(author=mara, approver=abel))
    making.decision(run, member, offer=run.offers.get())


def path(model: type[Model], verb: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{verb}"


@pytest.mark.parametrize("model", OURS, ids=ids)
def test_nothing_of_the_product_can_be_changed_by_anybody(model: type[Model], root: User) -> None:
    request = RequestFactory().get("/")
    request.user = root
    assert admin.site._registry[model].get_model_perms(request) == {
        "add": False,
        "change": False,
        "delete": False,
        "view": True,
    }


@pytest.mark.parametrize("model", OURS, ids=ids)
def test_every_table_can_be_looked_at(model: type[Model], administrator: Client, something: None) -> None:
    assert administrator.get(path(model)).status_code == 200
    if row := model.objects.first():
        assert administrator.get(path(model, f"{row.pk}/change/")).status_code == 200


def test_posting_a_change_all_the_same_is_refused(administrator: Client, something: None) -> None:
    row = Consent.objects.get()
    for verb in (f"{row.pk}/change/", f"{row.pk}/delete/", "add/"):
        assert administrator.post(path(Consent, verb), {"granted": "", "post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    administrator.post(path(Consent), bulk)
    assert Consent.objects.get().granted


def test_administrators_make_log_ins_and_keys(administrator: Client) -> None:
    for page in ("auth/user", "auth/group", "loyalty/machinekey"):
        assert administrator.get(f"/admin/{page}/add/").status_code == 200


def test_log_in_is_the_one_that_counts_tries() -> None:
    answer = Client().post("/admin/login/?next=/admin/", {"username": "root", "password": "guess"})
    assert (answer.status_code, answer.url) == (302, "/account/login/?next=%2Fadmin%2F")


def test_person_without_the_right_is_refused(as_: Any, mara: User) -> None:
    for page in ("", "login/", "auth/user/"):
        assert as_(mara).get(f"/admin/{page}", follow=True).status_code == 403
