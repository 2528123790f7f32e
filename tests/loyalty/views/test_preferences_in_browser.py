"""What only a browser shows: under `no-referrer` it does not say where a form comes from, and choosing works still."""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from loyalty import preferences, stated
from loyalty.models import Member
from tests import making
from tests.journeys import looks
from tests.look import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


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


# -- what members tell us ----------------------------------------------------------------------------------------------


def told(member: Member) -> list[str]:
    return [each.value for each in stated.standing([member.pk])]


@pytest.mark.parametrize("script", [True, False])
def test_member_says_what_they_do_not_eat_and_takes_it_back_by_keyboard(
    visit: Open, member: Member, script: bool
) -> None:
    page = visit(java_script_enabled=script)
    question = page.locator("#question-diet")
    for answer in ("Pork", "nothing told yet"):
        if question.get_attribute("open") is None:
            question.locator("summary").press("Enter")
        page.get_by_label("Pork").press("Space")
        question.get_by_role("button").press("Enter")
        expect(question.locator("summary .answer")).to_have_text(answer)
        assert told(member) == (["pork"] if answer == "Pork" else [])


def test_after_saving_the_focus_stays_on_the_button(visit: Open) -> None:
    page = visit()
    page.locator("#question-diet summary").click()
    page.get_by_label("Pork").check()
    page.locator("#tell-diet").click()
    expect(page.locator("#told .notice")).to_contain_text("It holds from this moment")
    expect(page.locator("#tell-diet")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_with_everything_told_is_accessible_and_fits_a_phone(
    visit: Open, member: Member, scheme: str, settings
) -> None:
    settings.RETAILER_SIZES = {"Shoes": ["36", "37"]}
    making.product(category="Household & everything that is needed in it")
    stated.tell(member, "diet", ["pork", "alcohol"], source="test", at=making.NOON)
    page = visit(color_scheme=scheme)
    for summary in page.locator("#told summary").all():
        summary.click()
    if pictures := os.environ.get("PICTURES"):
        page.screenshot(path=f"{pictures}/preferences-{scheme}.png", full_page=True)
    assert looks.violations(page, None) == []
    assert looks.overflow(page) == []
