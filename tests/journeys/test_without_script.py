"""The core of the loop for a browser without JavaScript: the same steps by the same people."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter
from tests.journeys.steps import (
    Idea,
    approve_offer,
    build_campaign,
    build_segment,
    launch,
    submit_offer,
    write_offer,
)

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.xdist_group("journeys")]

IDEA = Idea("Plain and simple")


def test_campaign_is_launched_without_javascript(enter: Enter) -> None:
    mara, abel = (enter(username, java_script_enabled=False).page for username in ("mara", "abel"))
    for page in (mara, abel):
        page.goto("/")
    build_segment(mara, IDEA)
    write_offer(mara, IDEA)
    submit_offer(mara)
    approve_offer(abel, IDEA)
    build_campaign(mara, IDEA)
    launch(mara)
    while (further := mara.get_by_role("link", name="Show where it is now")).count():
        further.click()
    expect(mara.locator(".lead .state")).to_have_text("Finished")
