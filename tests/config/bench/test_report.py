from contextlib import nullcontext

import pytest

from config.bench import report, scratch
from config.bench.frame import Size
from config.bench.opening import Opened

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Size(members=2000, offers=0, repetitions=1)


@pytest.fixture(autouse=True)
def here(monkeypatch, client):
    """In the tests' database, which is one of its own already, and in this process, with a session of it."""

    def opened(address: str, *, session: str, database: str, times: int) -> Opened:
        client.cookies["sessionid"] = session
        return Opened(0.1, (0.1,) * times, client.get(address).content.decode())

    monkeypatch.setattr(scratch, "database", nullcontext)
    monkeypatch.setattr(report, "opened", opened)
    monkeypatch.setattr(report.shopping, "WITHOUT", "SELECT 1")
    monkeypatch.setattr(report.shopping, "WITH", "ANALYZE loyalty_purchase")


def test_the_page_tells_of_everybody_whom_the_run_held_out():
    assert report.run(SMALL, lambda _: None).agrees


def test_a_page_without_them_would_be_found_out(monkeypatch):
    """The negative control."""
    opened = report.opened
    monkeypatch.setattr(report, "opened", lambda *address, **known: Opened(0.1, opened(*address, **known).again, ""))
    assert not report.run(SMALL, lambda _: None).agrees
