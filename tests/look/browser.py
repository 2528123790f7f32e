"""A real Chromium whose requests Django answers in this process: no port, no database, no network."""

import mimetypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

PROGRAM = Path("/usr/bin/chromium")
PATIENCE_MS = 30_000
ORIGIN = "http://localhost"
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program() -> Path:
    """Where Chromium is; where it is missing the tests are skipped, but under CI they fail."""
    if not PROGRAM.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{PROGRAM} is missing: apt install chromium")
    return PROGRAM


@contextmanager
def started() -> Iterator[Browser]:
    """Chromium for one module; who expects something of a page waits for as long as a busy machine may take."""
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program(), args=arguments)
        yield chromium
        chromium.close()
    expect.set_options(timeout=None)


class Visit:
    """One reader's browser window, and everything it complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.requested: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self._heard("error", str(error)))
        self.page.route("**/*", self._answer)
        self._client = Client()

    def go(self, path: str) -> Page:
        self.page.goto(f"{ORIGIN}{path}")
        return self.page

    def _heard(self, kind: str, words: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(words)

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        self.requested.append(url.path)
        if url.path.startswith("/static/"):
            found = finders.find(url.path.removeprefix("/static/"))
            return route.fulfill(path=found, content_type=mimetypes.guess_type(url.path)[0])
        wanted = f"{url.path}?{url.query}" if url.query else url.path
        response = self._client.generic(route.request.method, wanted, headers=_of_htmx(route.request.headers))
        return route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)


def _of_htmx(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("hx-")}
