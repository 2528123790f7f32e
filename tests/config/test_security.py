import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.security import FORM, PageSecurityMiddleware


def answer(response: HttpResponse) -> HttpResponse:
    def view(_: HttpRequest) -> HttpResponse:
        return response

    return PageSecurityMiddleware(view)(RequestFactory().get("/"))


def test_a_page_runs_only_our_own_scripts_and_styles() -> None:
    policy = answer(HttpResponse()).headers["Content-Security-Policy"].split("; ")
    assert "default-src 'self'" in policy
    assert not any("unsafe" in rule or "http" in rule for rule in policy)


def test_nobody_frames_a_page() -> None:
    assert "frame-ancestors 'none'" in answer(HttpResponse()).headers["Content-Security-Policy"]


def test_forms_go_nowhere_else() -> None:
    assert "form-action 'self'" in answer(HttpResponse()).headers["Content-Security-Policy"]


def test_addresses_of_pages_are_not_told_to_other_sites() -> None:
    assert answer(HttpResponse()).headers["Referrer-Policy"] == "same-origin"


def test_a_view_may_set_a_policy_of_its_own() -> None:
    response = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    assert answer(response).headers["Content-Security-Policy"] == "sandbox"


def test_a_part_is_never_kept_in_the_place_of_its_page() -> None:
    assert "HX-Request" in answer(HttpResponse()).headers["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/members/%00/", "/search/?q=%00", "/campaigns/?text=a%00b"])
def test_an_address_with_a_nul_byte_is_refused_before_anything_is_asked(as_, mara, address):
    assert as_(mara).get(address).status_code == 400


@pytest.mark.django_db
def test_a_form_with_a_nul_byte_is_refused_before_anything_is_asked(as_, mara):
    assert as_(mara).post("/campaigns/new/", "name=a%00b", content_type=FORM).status_code == 400


@pytest.mark.django_db
def test_a_form_without_one_is_read(as_, mara):
    """The negative control."""
    assert as_(mara).post("/campaigns/new/", "name=ab", content_type=FORM).status_code == 302
