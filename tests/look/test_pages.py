"""The gallery in a real browser, under the product's own headers."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.look.browser import PHONE, WIDE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("look"), pytest.mark.usefixtures("gallery")]

PAGES = ["/", "/working/", "/form/", "/member/", "/login/", "/error/404/"]
VIEWS = [
    *[(path, scheme, WIDE) for path in PAGES for scheme in ("light", "dark")],
    *[(path, "light", PHONE) for path in PAGES],
]
# Notes the scheme that is set when the body begins, which is before anything can be drawn.
AT_BODY = """new MutationObserver((_, observer) => {
  if (!document.body) return;
  window.atBody = document.documentElement.dataset.scheme;
  observer.disconnect();
}).observe(document, {childList: true, subtree: true})"""
Open = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """Open a page as a reader with these preferences; the windows close with the test."""
    contexts = []

    def open_(path: str, **preferences: object) -> Visit:
        contexts.append(chromium.new_context(**({"viewport": WIDE} | preferences)))
        visit = Visit(contexts[-1])
        visit.go(path)
        if visit.page.locator("[data-figure]").count() and preferences.get("java_script_enabled", True):
            visit.page.locator("[data-drawn]").wait_for()
        return visit

    yield open_
    for context in contexts:
        context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


@pytest.mark.parametrize(
    ("path", "scheme", "viewport"), VIEWS, ids=[f"{path}-{scheme}-{view['width']}" for path, scheme, view in VIEWS]
)
def test_a_page_is_accessible_and_quiet(visit: Open, path: str, scheme: str, viewport: dict[str, int]) -> None:
    seen = visit(path, color_scheme=scheme, viewport=viewport)
    assert seen.complaints == []
    assert violations(seen.page) == []


def test_axe_would_see_a_violation(visit: Open) -> None:
    seen = visit("/form/")
    seen.page.evaluate("document.querySelector('h1').style.color = 'var(--rule)'")
    assert any(found.startswith("color-contrast") for found in violations(seen.page))


def test_the_policy_would_stop_an_inline_script(visit: Open) -> None:
    seen = visit("/form/")
    seen.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.x=1'}))"
    )
    assert seen.page.evaluate("window.x") is None
    assert any("Content Security Policy" in words for words in seen.complaints)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_phone(visit: Open, path: str) -> None:
    seen = visit(path, viewport=PHONE)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_plotly_is_fetched_only_for_a_figure(visit: Open) -> None:
    assert "/static/plotly/plotly.min.js" in visit("/").requested
    assert "/static/plotly/plotly.min.js" not in visit("/working/").requested


def test_the_scheme_is_kept_and_applied_before_the_page_is_drawn(visit: Open) -> None:
    page = visit("/form/", color_scheme="light").page
    switch = page.get_by_role("button", name="Colours")
    switch.click()
    switch.click()
    assert _ground(page) == "rgb(17, 18, 16)"
    page.add_init_script(AT_BODY)
    page.reload()
    assert page.evaluate("window.atBody") == "dark"


def test_figures_follow_the_scheme(visit: Open) -> None:
    page = visit("/", color_scheme="light").page
    before = _line(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".js-line").first).not_to_have_css("stroke", before)
    assert _line(page) == "rgb(169, 187, 255)"


def test_slash_goes_to_the_search(visit: Open) -> None:
    page = visit("/form/").page
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("a/b")


def test_question_mark_lists_the_keys_and_they_can_be_switched_off(visit: Open) -> None:
    page = visit("/form/").page
    page.keyboard.press("?")
    page.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_j_and_k_walk_the_queue(visit: Open) -> None:
    page = visit("/working/").page
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="OFF-001")).to_be_focused()


def test_a_dangerous_button_asks_first(visit: Open) -> None:
    page = visit("/working/").page
    opener = page.get_by_role("link", name="Cancel the run…")
    opener.click()
    assert violations(page) == []
    page.get_by_role("link", name="Let it go on").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_progress_is_swapped_in_and_read_out(visit: Open) -> None:
    page = visit("/working/").page
    expect(page.locator("#announce")).to_have_text("Logging decisions: 100 %", timeout=5000)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "17000")


def test_sorting_keeps_the_focus_and_can_be_shared(visit: Open) -> None:
    page = visit("/working/").page
    page.locator("#sort-name").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/working/?sort=name")
    expect(page.locator("#sort-name")).to_be_focused()


def test_a_failed_part_says_what_happened(visit: Open) -> None:
    page = visit("/working/").page
    page.wait_for_load_state("networkidle")  # an answer under way would be given twice
    page.unroute_all()
    page.route("**/*", lambda route: route.abort())
    page.locator("#sort-name").click()
    expect(page.locator("#trouble")).to_contain_text("could not be reached")


def test_the_menu_opens_on_a_phone_without_script(visit: Open) -> None:
    page = visit("/form/", viewport=PHONE, java_script_enabled=False).page
    expect(page.get_by_role("link", name="Campaigns", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Campaigns", exact=True)).to_be_visible()


def test_a_dangerous_button_asks_first_without_script(visit: Open) -> None:
    page = visit("/working/", java_script_enabled=False).page
    page.get_by_role("link", name="Cancel the run…").click()
    expect(page.get_by_role("button", name="Cancel the run")).to_be_visible()


def test_the_first_tab_stop_skips_to_the_content(visit: Open) -> None:
    page = visit("/working/").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_mistakes_take_the_focus(visit: Open) -> None:
    expect(visit("/form/").page.locator(".notice.refusal[tabindex]")).to_be_focused()


def _ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def _line(page: Page) -> str:
    return str(page.locator(".js-line").first.evaluate("line => getComputedStyle(line).stroke"))
