"""A report on paper: two pages, whatever scheme the reader has chosen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Enter
from tests.journeys.house import House
from tests.journeys.places import Guide
from tests.journeys.window import session

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.xdist_group("journeys")]

SHEET = re.compile(rb"/Type\s*/Page[^s]")
MOST_SHEETS = 2


@pytest.fixture(scope="module")
def report(house: House, chromium: Browser) -> Iterator[str]:
    """The address of the newest report."""
    context = chromium.new_context(base_url=house.address, storage_state=session("ana", chromium=chromium, house=house))
    yield Guide(context.request).path("report")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_prints_on_two_pages(scheme: str, enter: Enter, report: str) -> None:
    page = enter("ana", color_scheme=scheme).page
    page.goto(report)
    page.locator("#by-day[data-drawn]").wait_for()
    assert 1 <= len(SHEET.findall(page.pdf(prefer_css_page_size=True))) <= MOST_SHEETS


def test_figures_are_drawn_for_paper_and_then_for_the_screen_again(enter: Enter, report: str) -> None:
    page = enter("ana", color_scheme="dark").page
    page.goto(report)
    figure = page.locator("#by-day[data-drawn]")
    figure.wait_for()
    on_screen = figure.locator(".main-svg").first.bounding_box()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    on_paper = figure.locator(".main-svg").first.bounding_box()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert on_screen
    assert on_paper
    assert (on_paper["width"], figure.locator(".main-svg").first.bounding_box()) == (690, on_screen)
