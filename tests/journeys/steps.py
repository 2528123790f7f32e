"""What people do to bring a campaign from an idea to its launch. Works with and without JavaScript."""

import datetime as dt
from dataclasses import dataclass

from playwright.sync_api import Page, expect

TODAY = dt.datetime.now(dt.UTC).date()
A_YEAR_ON = TODAY + dt.timedelta(days=365)


@dataclass(frozen=True)
class Idea:
    """A campaign before it exists: all its parts carry the one name."""

    name: str

    @property
    def ref(self) -> str:
        return self.name.upper().replace(" ", "-")


def go_to(page: Page, room: str) -> None:
    page.get_by_role("navigation", name="Liftwell").get_by_role("link", name=room).click()


def build_segment(page: Page, idea: Idea) -> None:
    """Members who shopped within the last 60 days."""
    go_to(page, "Segments")
    page.get_by_role("link", name="New segment").click()
    page.get_by_label("Name").fill(idea.name)
    page.get_by_label("Add a condition to this group").select_option(label="Days since last purchase")
    for button in page.get_by_role("button", name="Add", exact=True).all():  # there is one without JavaScript
        button.click()
    page.get_by_label("Value", exact=True).fill("60")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(idea.name)


def write_offer(page: Page, idea: Idea) -> None:
    go_to(page, "Offers")
    page.get_by_role("link", name="New offer").click()
    page.get_by_label("Reference").fill(idea.ref)
    page.get_by_label("Name").fill(idea.name)
    page.get_by_label("Kind").select_option("amount")
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_label("Value").fill("5")
    page.get_by_label("Minimum spend").fill("20")
    page.get_by_label("Last day").fill(A_YEAR_ON.isoformat())
    page.get_by_label("E-mail", exact=True).check()
    mail = page.get_by_role("group", name="E-mail", exact=True)
    mail.get_by_label("Subject").fill("{{ value }} for you")
    mail.get_by_label("Text").fill('Hello {{ first_name | default: "there" }},\n\n{{ value }} until {{ valid_until }}.')


def submit_offer(page: Page) -> None:
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("wait for approval.").first).to_be_visible()


def approve_offer(page: Page, idea: Idea) -> None:
    """In the queue, by somebody who did not write it."""
    go_to(page, "Reviews")
    page.get_by_role("navigation", name="Waiting for approval").get_by_role("link", name=idea.name).click()
    expect(page.locator("#case")).to_have_text(idea.name)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text(f"of {idea.name} are approved.")).to_be_visible()


def build_campaign(page: Page, idea: Idea) -> None:
    """Through every step, to the review."""
    go_to(page, "Campaigns")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Name").fill(idea.name)
    page.get_by_role("button", name="Start the plan").click()
    page.get_by_label("Hypothesis").fill("Members come once more and fill their basket.")
    page.get_by_label("Primary metric").select_option("margin")
    page.get_by_label("Exit criterion").fill("The interval lies below zero.")
    go_on(page, to="Audience")
    page.get_by_label("Segment", exact=True).select_option(label=idea.name)
    page.get_by_label("E-mail").check()
    go_on(page, to="Offers")
    page.get_by_label(idea.name).check()
    go_on(page, to="Limits")
    page.get_by_label("Total budget").fill("2000")
    page.get_by_role("row", name=idea.ref).get_by_label("members at the most").fill("400")
    go_on(page, to="Holdout")
    page.get_by_label("Share held out", exact=True).fill("20")
    go_on(page, to="Dates")
    page.get_by_label("First day").fill(TODAY.isoformat())
    page.get_by_label("Last day").fill(A_YEAR_ON.isoformat())
    go_on(page, to="Review")


def go_on(page: Page, *, to: str) -> None:
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("navigation", name="Steps").locator("[aria-current]")).to_have_text(to)


def launch(page: Page) -> None:
    page.get_by_role("link", name="Launch").click()
    page.get_by_role("button", name="Launch now").click()
    page.wait_for_url("**/runs/*/")
