"""A browser in a test that looks into the database itself, beside the live server."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.look import browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, browser.started() as started:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in this thread
        yield started
