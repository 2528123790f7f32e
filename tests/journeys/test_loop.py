"""From a segment to an honest lift, by the people whose work it is, in a real browser with real workers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter
from tests.journeys.steps import (
    Idea,
    approve_offer,
    build_campaign,
    build_segment,
    go_to,
    launch,
    submit_offer,
    write_offer,
)
from tests.look.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.xdist_group("journeys")]

IDEA = Idea("Five off for regulars")
MONEY = r"[+−]?€[\d.,]+"
INTERVAL = re.compile(rf"{MONEY} margin per member \({MONEY} to {MONEY}\)")


def test_campaign_goes_from_a_segment_to_a_lift_with_its_interval(enter: Enter) -> None:
    mara, abel = enter(), enter()
    mara.log_in("mara")
    build_segment(mara.page, IDEA)
    write_offer(mara.page, IDEA)
    submit_offer(mara.page)

    abel.log_in("abel")
    approve_offer(abel.page, IDEA)

    build_campaign(mara.page, IDEA)
    dry_run(mara.page)
    launch(mara.page)
    watch_the_run(mara.page)
    run = mara.page.url
    member = see_who_gets_what_and_why(mara.page)

    link = read_the_message(mara.page, member)
    turn_email_off(enter(viewport=PHONE).page, link)
    expect_no_email_allowed(mara.page, member)

    let_two_weeks_pass(mara.page)
    mara.page.goto(run)
    read_the_report(mara.page)

    ana = enter()
    ana.log_in("ana")
    go_to(ana.page, "Results")
    ana.page.get_by_role("link", name=IDEA.name).click()
    expect(ana.page.locator(".lead")).to_contain_text(INTERVAL)


def dry_run(page: Page) -> None:
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("progressbar", name="Dry run")).to_be_visible()
    expect(page.get_by_role("list", name="From the audience to the decisions")).to_be_visible()


def watch_the_run(page: Page) -> None:
    """The page reaches the end by itself: nobody reloads it."""
    expect(page.get_by_role("region", name="Progress")).to_be_visible()
    expect(page.locator(".lead .state")).to_have_text("Finished")
    expect(page.get_by_role("row", name=IDEA.ref)).to_be_visible()


def see_who_gets_what_and_why(page: Page) -> str:
    """Returns the reference of a member who was given the offer."""
    page.locator("main a[href$='/decisions/']").click()
    page.get_by_role("search", name="Filter").get_by_label("Offer").select_option(IDEA.ref)
    row = page.get_by_role("row", name=IDEA.name).filter(has_not_text="withheld").first
    member = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()
    expect(page.get_by_role("row", name=IDEA.name)).to_contain_text("given")
    return member


def read_the_message(page: Page, member: str) -> str:
    """Returns the address of the member's own page that the message links to."""
    go_to(page, "Outbox")
    page.get_by_label("Address or member").fill(member)
    messages = page.get_by_role("row", name=IDEA.name)
    expect(messages).to_have_count(1)
    messages.get_by_role("link").click()
    letter = page.frame_locator("iframe.letter")
    return letter.get_by_role("link", name="Change or stop what we send").get_attribute("href") or ""


def turn_email_off(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("listitem").filter(has_text="Offers by e-mail").get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("Offers by e-mail: off, from this moment.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Offers by e-mail: off")).to_be_visible()


def expect_no_email_allowed(page: Page, member: str) -> None:
    page.goto(f"/members/{member}/")
    expect(page.locator("div").filter(has=page.get_by_text("Offers by e-mail", exact=True)).last).to_contain_text("no")


def let_two_weeks_pass(page: Page) -> None:
    page.get_by_role("button", name="Let two weeks pass").first.click()
    expect(page.get_by_text("went by.")).to_be_visible()
    expect(page.get_by_role("link", name=IDEA.name)).to_be_visible()


def read_the_report(page: Page) -> None:
    page.locator("main a[href^='/results/']").click()
    expect(page.locator(".verdict").first).to_be_visible()
    expect(page.locator(".lead")).to_contain_text(INTERVAL)
    expect(page.get_by_role("heading", name="What to do next")).to_be_visible()
    expect(page.locator("#by-day[data-drawn]")).to_be_visible()
    expect(page.get_by_text("Planted truth (simulated)")).to_be_visible()
