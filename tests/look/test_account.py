"""The log-in package's own pages wear the product's look."""

import pytest
from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm
from django.forms import Form
from django.template.loader import render_to_string
from django.test import RequestFactory


@pytest.mark.parametrize(
    ("template", "form"),
    [("login", LoginForm), ("password_reset", ResetPasswordForm), ("password_change", ChangePasswordForm)],
)
def test_a_page_of_the_account_is_framed_and_its_fields_are_ours(template: str, form: type[Form]) -> None:
    html = _page(template, form())
    assert "css/liftwell.css" in html
    assert html.count('<div class="field') == len(form().visible_fields())


@pytest.mark.parametrize("template", ["login", "logout", "password_reset", "account_inactive"])
def test_a_page_of_the_account_has_one_heading(template: str) -> None:
    html = _page(template, ResetPasswordForm())
    assert html.count("<h1") == 1


def test_a_wrong_password_is_said_first() -> None:
    form = LoginForm({"login": "mara", "password": ""})
    html = _page("login", form)
    assert html.index("That did not work.") < html.index('id="id_login"')


def _page(template: str, form: Form) -> str:
    return render_to_string(f"account/{template}.html", {"form": form}, RequestFactory().get("/account/login/"))
