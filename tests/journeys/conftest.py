from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import house as houses
from tests.journeys.house import House
from tests.journeys.window import Window, session
from tests.look import browser

HERE = Path(__file__).parent
READERS = {HERE / "test_pages.py", HERE / "test_print.py"}
CHANGERS = {HERE / "test_loop.py", HERE / "test_upload.py", HERE / "test_without_script.py"}
Enter = Callable[..., Window]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One house is for all: whoever only reads goes first, and last who launches campaigns or brings in products."""
    items.sort(key=lambda item: 0 if item.path in READERS else 2 if item.path in CHANGERS else 1)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """One for all journeys; without Chromium there is none."""
    browser.program()
    with houses.opened() as house:
        yield house


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.started() as started:
        yield started


@pytest.fixture
def enter(house: House, chromium: Browser) -> Iterator[Enter]:
    """Opens a window for a person who is logged in (`enter("mara")`), or for a stranger (`enter()`).

    At the end no window may have had a complaint.
    """
    windows, contexts = [], []

    def open_(username: str = "", **preferences: object) -> Window:
        stored = session(username, chromium=chromium, house=house) if username else None
        wanted = {"viewport": browser.WIDE, "base_url": house.address, "storage_state": stored} | preferences
        contexts.append(chromium.new_context(**wanted))
        contexts[-1].set_default_timeout(browser.PATIENCE_MS)
        windows.append(Window(contexts[-1]))
        return windows[-1]

    yield open_
    for context in contexts:
        context.close()
    complaints = [complaint for window in windows for complaint in window.complaints]
    assert not complaints, "\n".join(complaints)
