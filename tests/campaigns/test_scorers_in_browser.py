"""What only a browser shows of scorers: the pictures of a card, in both schemes and on a phone, and the way back."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Scorer
from campaigns.training.card import Card, Quality
from campaigns.training.judging import judged
from campaigns.training.ways import WAYS
from tests import making
from tests.campaigns.training.worlds import newcomers_only, past
from tests.journeys.looks import faults
from tests.look import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[[User, str], Page]


@pytest.fixture
def visit(
    chromium: Browser, live_server: LiveServer, as_: Callable[[User], Client], settings: object
) -> Iterator[Visit]:
    settings.SESSION_COOKIE_SECURE = False
    context, complaints = chromium.new_context(viewport=browser.WIDE), []

    def go(user: User, path: str) -> Page:
        session = as_(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{live_server.url}{path}")
        for figure in page.locator("[data-figure]").all():
            figure.and_(page.locator("[data-drawn]")).wait_for()
        return page

    yield go
    context.close()
    assert complaints == []


@pytest.fixture
def quality() -> Quality:
    """Of a scorer that learned what was planted."""
    earlier, later = [past(number, newcomers_only) for number in (0, 1)], [past(2, newcomers_only)]
    fitted, champion = (WAYS[kind](earlier) for kind in ("uplift", "affinity"))
    return judged(fitted, champion, earlier=earlier, later=later, rng=np.random.default_rng(0)).quality


@pytest.fixture
def retired(quality: Quality) -> Scorer:
    making.scorer(state=Scorer.State.CHAMPION)
    return making.scorer(
        kind="uplift", card=Card(None, None, (), quality).to_json(), verdict="Another is in use instead."
    )


def test_a_card_with_all_its_pictures_is_for_everybody(visit: Visit, retired: Scorer, abel: User) -> None:
    page = visit(abel, f"/scorers/{retired.pk}/")
    assert page.locator("[data-drawn]").count() == 3
    for numbers in page.get_by_text("The numbers in this picture").all():
        numbers.click()
    assert not faults(page)


def test_the_list_is_for_everybody(visit: Visit, retired: Scorer, ana: User) -> None:
    page = visit(ana, "/scorers/")
    expect(page.get_by_role("row")).to_have_count(3)
    assert not faults(page)


def test_an_earlier_one_is_put_back_by_keyboard(visit: Visit, retired: Scorer, abel: User) -> None:
    page = visit(abel, f"/scorers/{retired.pk}/")
    page.get_by_text("Put back in use").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why").fill("The other one gave coffee to tea drinkers.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".lead")).to_contain_text("The other one gave coffee to tea drinkers.")
    assert Scorer.objects.champion("offers") == retired
