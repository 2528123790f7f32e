"""What only a browser shows: the preview beside the form as it is typed, and the queue by keyboard."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from offers import approval
from offers.models import Terms
from tests.look import browser
from tests.offers.conftest import AT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAR = dt.date(2090, 1, 1)
Visit = Callable[[User, str], Page]


@pytest.fixture
def visit(
    chromium: Browser, live_server: LiveServer, as_: Callable[[User], Client], settings: object
) -> Iterator[Visit]:
    settings.SESSION_COOKIE_SECURE = False
    context, complaints = chromium.new_context(viewport=browser.WIDE), []

    def go(user: User, path: str) -> Page:
        session = as_(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{live_server.url}{path}")
        return page

    yield go
    context.close()
    assert [said for said in complaints if "409" not in said] == []


def test_what_is_typed_is_saved_and_previewed(visit: Visit, draft: Terms, mara: User) -> None:
    page = visit(mara, "/offers/C1/")
    page.get_by_label("Name").fill("Coffee month")
    expect(page.locator(".preview.app .subject")).to_have_text("Coffee month")
    draft.refresh_from_db()
    assert draft.name == "Coffee month"


def test_focus_stays_where_it_is_typed(visit: Visit, draft: Terms, mara: User) -> None:
    page = visit(mara, "/offers/C1/")
    page.locator("#id_email_body").press_sequentially(" Ciao")
    expect(page.locator(".preview.email .text")).to_contain_text("Ciao")
    expect(page.locator("#id_email_body")).to_be_focused()


def test_refused_submission_is_said_beside_the_form(visit: Visit, draft: Terms, mara: User) -> None:
    page = visit(mara, "/offers/C1/")
    page.get_by_label("Subject").first.fill("")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.locator("#reading").get_by_role("alert")).to_contain_text("the subject of the e-mail is empty")


def test_submission_is_the_last_word_of_the_form(visit: Visit, make: Callable[..., Terms], mara: User) -> None:
    """What waits to be saved when the button is pressed goes with it, and not after it; nor does a second press."""
    draft = make(valid_until=FAR)
    page, sent = visit(mara, "/offers/C1/"), []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.route("**/submit/", answer_late)
    page.locator("#id_name").fill("Coffee month")
    page.get_by_role("button", name="Submit for approval").dblclick()
    expect(page.get_by_text("Terms 1 wait for approval.")).to_be_visible()
    assert [url.rsplit("/", 2)[1] for url in sent] == ["submit"]
    draft.refresh_from_db()
    assert (draft.name, draft.state) == ("Coffee month", Terms.State.SUBMITTED)


def test_queue_is_worked_off_by_keyboard(visit: Visit, make: Callable[..., Terms], mara: User, abel: User) -> None:
    for ref in ("A", "B"):
        approval.submit(make(ref, name=f"Offer {ref}", valid_until=FAR), by=mara, at=AT)
    page = visit(abel, "/reviews/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#case")).to_have_text("Offer B")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#case")).to_have_text("Offer A")
    expect(page.locator("#case")).to_be_focused()
    assert list(Terms.objects.approved().values_list("name", flat=True)) == ["Offer B"]


def answer_late(route: Route) -> None:
    """After every delay with which the form saves itself."""
    response = route.fetch(max_redirects=0)
    time.sleep(1)
    route.fulfill(response=response)
