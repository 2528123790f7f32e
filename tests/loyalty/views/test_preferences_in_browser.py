"""What only a browser shows: under `no-referrer` it does not say where a form comes from, and choosing works still."""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from loyalty import preferences
from loyalty.models import Member
from tests import making
from tests.look import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, browser.started() as started:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in this thread
        yield started


@pytest.fixture
def member() -> Member:
    member = making.member()
    making.grant(member, "email")
    return member


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer, member: Member) -> Iterator[Open]:
    contexts = []

    def go(**preferred: object) -> Page:
        contexts.append(chromium.new_context(viewport=browser.PHONE, **preferred))
        page = contexts[-1].new_page()
        page.goto(f"{live_server.url}{preferences.path_for(member)}")
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("script", [True, False])
def test_member_turns_email_off_and_on_again(visit: Open, member: Member, script: bool) -> None:
    page = visit(java_script_enabled=script)
    for word, verb in (("off", "Turn off"), ("on", "Turn on")):
        page.get_by_role("listitem").filter(has_text="Offers by e-mail").get_by_role("button", name=verb).click()
        expect(page.get_by_text(f"Offers by e-mail: {word}").last).to_be_visible()
        assert preferences.allows(member)["marketing", "email"] is (word == "on")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(visit: Open, scheme: str) -> None:
    assert Axe().run(visit(color_scheme=scheme)).response["violations"] == []
