"""The member page in a real browser: what was earlier, and contact details, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.xdist_group("journeys")]


def to_a_member(page: Page) -> Page:
    page.goto("/members/")
    page.locator("#rows tbody a").first.click()
    expect(page.locator("h1")).to_contain_text("Member ")
    return page


def to_a_member_with_a_past(page: Page) -> Page:
    """The first in the list of whom more is known than one page holds."""
    page.goto("/members/")
    for address in [str(link.get_attribute("href")) for link in page.locator("#rows tbody a").all()]:
        page.goto(address)
        if page.locator("#earlier-link").count():
            return page
    raise AssertionError("Of no member in the list is more known than one page holds.")


def test_what_was_earlier_is_added_below(enter: Enter) -> None:
    page = to_a_member_with_a_past(enter("mara").page)
    shown = page.locator(".timeline > li").count()
    page.locator("#earlier-link").press("Enter")
    expect(page.locator(".timeline")).to_have_count(2)
    assert page.locator(".timeline > li").count() > shown


def test_kind_is_chosen_in_place_and_can_be_shared(enter: Enter) -> None:
    page = to_a_member(enter("mara").page)
    page.get_by_role("link", name="Purchases").click()
    expect(page).to_have_url(re.compile(r"\?kind=purchase$"))
    expect(page.locator(".timeline > li").first).to_contain_text("Bought")
    page.reload()
    expect(page.get_by_role("link", name="Purchases")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_contact_details_are_shown_once_somebody_says_why(enter: Enter, *, has_javascript: bool) -> None:
    page = to_a_member(enter("otto", java_script_enabled=has_javascript).page)
    contact = page.locator("#contact")
    expect(contact).to_contain_text("•••@")
    page.get_by_text("Show contact details").click()
    page.get_by_label("The member asked us something").check()
    page.get_by_role("button", name="Record and show").click()
    expect(contact).to_contain_text("@example.")
    expect(contact).to_contain_text("Seen ")
    page.goto(page.url.replace("reveal/", ""))
    expect(contact).not_to_contain_text("@example.")
