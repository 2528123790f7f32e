"""The keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]


@pytest.fixture
def page(enter: Enter) -> Page:
    """The queue of terms that wait, three at least."""
    page = enter("abel").page
    page.goto("/reviews/")
    return page


def test_slash_begins_a_search(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("OFFER-0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="OFFER-01")).to_be_visible()


def test_question_mark_tells_the_keys_and_escape_closes(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_queue_is_walked_with_j_and_k_and_opened_with_enter(page: Page) -> None:
    waiting = page.locator("[data-queue-item]")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        expect(waiting.nth(at)).to_be_focused()
    name = waiting.nth(1).locator("strong").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#case")).to_have_text(name)


def test_a_campaign_is_begun_without_looking_for_its_fields(enter: Enter) -> None:
    page = enter("mara").page
    page.goto("/campaigns/new/")
    page.keyboard.type("Bread by keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Hypothesis")).to_be_focused()
    page.keyboard.type("They buy bread once more.")
    page.keyboard.press("Tab")
    page.keyboard.type("M")
    page.keyboard.press("Tab")
    page.keyboard.type("The interval lies below zero.")
    for _ in ("what offers go by", "its weight", "the button"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Segment", exact=True)).to_be_focused()
    page.get_by_role("navigation", name="Steps").get_by_role("link", name="Brief").click()
    expect(page.get_by_label("Primary metric")).to_have_value("margin")


def test_from_the_name_tab_leads_to_the_password(enter: Enter) -> None:
    page = enter().page
    page.goto("/account/login/")
    page.locator("input[name=login]").focus()
    page.keyboard.press("Tab")
    expect(page.locator("input[name=password]")).to_be_focused()
