"""A segment built by hand from nothing, with only what is on the page."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter
from tests.journeys.looks import faults
from tests.journeys.steps import go_to

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.xdist_group("journeys")]

WORDS = "Lifecycle stage is lapsing and Bought Coffee & Tea in at least 1 basket in the last 365 days in store."


def begin(page: Page) -> Page:
    page.goto("/")
    go_to(page, "Segments")
    page.get_by_role("link", name="New segment").click()
    return page


def describe(page: Page, *, has_javascript: bool) -> None:
    """Lapsing, bought coffee, in store."""
    page.get_by_role("button", name="Lifecycle stage").click()
    page.get_by_label("lapsing").check()
    page.get_by_role("button", name="Bought…").click()
    page.get_by_label("Which category").press_sequentially("coffee", delay=50)  # as people type: each letter asks
    if not has_javascript:
        page.get_by_label("Which category").press("Enter")
        expect(page.get_by_text("Which one is “coffee”?")).to_be_visible()
    page.get_by_role("button", name="Coffee & Tea", exact=True).click()
    page.get_by_label("Channel").select_option(label="in store")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_lapsing_coffee_buyers_who_shop_in_store_are_found_from_a_blank_page(
    enter: Enter, *, has_javascript: bool
) -> None:
    page = begin(enter("mara", java_script_enabled=has_javascript).page)
    describe(page, has_javascript=has_javascript)
    if has_javascript:
        expect(page.get_by_text(WORDS, exact=True)).to_be_visible()
    name = f"Lapsing coffee buyers in store, {'with' if has_javascript else 'without'} scripts"
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text(WORDS, exact=True)).to_be_visible()


def test_every_word_is_counted_as_it_is_chosen(enter: Enter) -> None:
    page = begin(enter("mara").page)
    count = page.locator(".headcount strong")
    everybody = count.inner_text()
    describe(page, has_javascript=True)
    expect(page.get_by_text(WORDS, exact=True)).to_be_visible()
    expect(count).not_to_have_text(everybody)
    expect(page.locator(".rule-condition .meter")).to_contain_text([" members", " members"])
    assert not faults(page)


def test_goods_are_found_and_chosen_by_the_keyboard_alone(enter: Enter) -> None:
    page = begin(enter("mara").page)
    page.get_by_role("button", name="Bought…").press("Enter")
    search = page.get_by_label("Which category")
    expect(search).to_be_focused()
    page.keyboard.type("cofee")
    found = page.get_by_role("group", name="Found").get_by_role("button")
    expect(found.first).to_have_text("Coffee & Tea")
    page.keyboard.press("ArrowDown")
    expect(found.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take Coffee & Tea out")).to_be_visible()
    expect(search).to_be_focused()
    page.keyboard.type("bakery")
    expect(found.first).to_be_visible()
    assert not faults(page)


def test_what_was_removed_by_mistake_comes_back(enter: Enter) -> None:
    page = begin(enter("mara").page)
    describe(page, has_javascript=True)
    expect(page.get_by_text(WORDS, exact=True)).to_be_visible()
    page.get_by_role("button", name="Remove this condition").last.click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(WORDS, exact=True)).to_be_visible()
