"""A member reads a message, says on their own page what they do not eat, and the next run gives them something else."""

import os
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from campaigns import building, launching, run
from campaigns.models import Campaign, Run
from loyalty.models import Member
from tests import making
from tests.campaigns.conftest import TODAY
from tests.journeys import looks
from tests.look import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINK = re.compile(r"http://\S+/preferences/\S+/")


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=browser.PHONE)
    yield context
    context.close()


@pytest.fixture
def launch(draft: Campaign, mara: User, abel: User, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Run]:
    """A run of a new campaign in which sausages are worth more than tea, and may be given to all."""
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    people = {"author": mara, "approver": abel}
    sausages = making.approved_terms(name="Sausages", contains=["pork"], **people)
    tea = making.approved_terms(name="Tea", reward_cost=Decimal("0.2"), **people)
    names = (f"Week {number}" for number in range(1, 9))
    facts = {field: getattr(draft, field) for field in ("hypothesis", "primary_metric", "exit_criterion", "segment")}
    dates = {field: getattr(draft, field) for field in ("channels", "share_held_out", "starts_at", "ends_at")}

    def launched() -> Run:
        campaign = building.create(next(names), by=mara, at=making.NOON, **facts, **dates)
        building.choose_offers(campaign, [sausages.offer, tea.offer])
        made = launching.launch(campaign, by=mara, at=making.NOON, on=TODAY)
        run.work(made.pk, now=lambda: making.NOON)
        return made

    return launched


def whoever_was_given(name: str, by: Run) -> list[Member]:
    decisions = by.decisions.select_related("run_offer__approval__terms", "member__contact")
    return [each.member for each in decisions.order_by("member") if each.run_offer and each.run_offer.name == name]


def say(page: Page, *ingredients: str) -> None:
    page.locator("#question-diet summary").click()
    for each in ingredients:
        page.get_by_label(each, exact=True).check()
    page.locator("#tell-diet").click()
    expect(page.get_by_text("It holds from this moment.")).to_be_visible()


def test_who_says_what_they_do_not_eat_gets_something_else_in_the_next_run(
    launch: Callable[[], Run],
    phone: BrowserContext,
    live_server: LiveServer,
    mailoutbox: list,
    settings,
    as_: Callable[[User], Client],
    noor: User,
) -> None:
    settings.PUBLIC_URL, settings.SESSION_COOKIE_SECURE = live_server.url, False
    settings.CLOCK = "tests.campaigns.views.test_member.noon"
    member, *others = whoever_was_given("Sausages", launch())
    (mail,) = (each for each in mailoutbox if each.to == [member.contact.email])

    page = phone.new_page()
    page.goto(LINK.search(mail.body)[0])
    say(page, "Meat", "Alcohol")

    second = launch()
    assert member not in (again := whoever_was_given("Sausages", second))
    assert set(others) & set(again)

    cookie = as_(noor).cookies["sessionid"].value
    phone.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/runs/{second.pk}/decisions/{member.ref}/")
    expect(page.get_by_role("row", name="Sausages")).to_contain_text("They told us they do not eat or drink meat.")
    assert looks.overflow(page) == []
    page.goto(f"{live_server.url}/members/{member.ref}/")
    expect(page.get_by_text("“I do not eat or drink alcohol.”")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        if pictures := os.environ.get("PICTURES"):
            page.screenshot(path=f"{pictures}/member-{scheme}.png", full_page=True)
        assert looks.violations(page, None) == []
        assert looks.overflow(page) == []
