"""Bringing a file in, as a person does it: choose, look, load, see what came of it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config import tasks, uploads
from loyalty.models import Load, Store
from tests.bringing import data
from tests.look import browser

__all__ = ["data"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORES = "store_ref,name,region\ns1,North,Coast\n,Nameless,\ns2,South,,too many\n"


@pytest.fixture
def page(
    chromium: Browser, live_server: LiveServer, as_: Callable[[User], Client], otto: User, settings: object
) -> Iterator[Page]:
    """The page of data as an operator sees it."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    context, complaints = chromium.new_context(viewport=browser.WIDE), []
    session = as_(otto).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/data/")
    yield page
    context.close()
    assert [said for said in complaints if "422" not in said] == []


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Lets a worker begin: it waits for this event."""
    may_begin, workers = threading.Event(), []

    def work(load_id: int) -> None:
        may_begin.wait(30)
        tasks.load_file(load_id)
        connection.close()

    def call(load_id: int) -> None:
        workers.append(threading.Thread(target=work, args=[load_id]))
        workers[-1].start()

    monkeypatch.setattr(uploads, "call_a_worker", call)
    yield may_begin
    may_begin.set()
    for each in workers:
        each.join()


def upload(page: Page, data: Path, content: str = STORES) -> None:
    path = data / "our stores.csv"
    path.write_text(content)
    page.get_by_label("What it holds").select_option("stores")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Look at it").click()


def complaints_of_axe(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page, options={"preload": False}).response["violations"]]


def test_a_file_is_looked_at_loaded_and_accounted_for(page: Page, data: Path, worker: threading.Event) -> None:
    upload(page, data)
    expect(page.get_by_role("heading", name="our stores.csv")).to_be_visible()
    expect(page.get_by_role("row", name="has 4 cells where the first line names 3 columns")).to_be_visible()
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_text("Waiting for a worker").first).to_be_visible()
    worker.set()
    expect(page.get_by_role("heading", name="Rejected rows")).to_be_visible(timeout=20_000)
    assert list(Store.objects.values_list("ref", flat=True)) == ["s1"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rejected rows").click()
    assert "is empty, and must not be" in download.value.path().read_text()


def test_a_file_that_cannot_be_read_is_answered_beside_its_field(page: Page, data: Path) -> None:
    upload(page, data, "store_ref\ns1\n")
    expect(page.get_by_text("lacks the column “name”").first).to_be_visible()
    assert not Load.objects.exists()


def test_a_file_can_be_discarded(page: Page, data: Path) -> None:
    upload(page, data)
    page.get_by_role("link", name="Discard").click()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_pages(page: Page, data: Path, worker: threading.Event, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    assert complaints_of_axe(page) == []
    upload(page, data)
    assert complaints_of_axe(page) == []
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_text("Waiting for a worker").first).to_be_visible()
    assert complaints_of_axe(page) == []
    worker.set()
    expect(page.get_by_role("heading", name="Rejected rows")).to_be_visible(timeout=20_000)
    assert complaints_of_axe(page) == []
    page.get_by_role("link", name="Data", exact=True).first.click()
    expect(page.get_by_role("heading", name="Files brought in")).to_be_visible()
    assert complaints_of_axe(page) == []
