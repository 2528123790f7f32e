"""While a file is loaded, and after its loading broke off."""

import pytest
from django.urls import reverse

from loyalty import loading
from loyalty.models import Load
from tests.bringing import AT, data
from tests.config.views.uploading import browser, called, page, waiting

__all__ = ["browser", "called", "data"]


def test_while_it_loads_the_progress_can_be_asked_for_alone(browser):
    load = waiting(browser)
    browser.post(reverse("load_start", args=[load.pk]))
    content = page(browser, load, HX_Request="true").content
    assert b"Waiting for a worker" in content
    assert b"every 1s" in content
    assert b"<html" not in content


@pytest.fixture
def lost(db):
    """A load from the command line whose process was killed when half the file was read."""
    begun = {"kind": "stores", "file_name": "stores.csv", "path": "/data/in/stores.csv", "state": "loading"}
    return Load.objects.create(**begun, bytes_total=1000, bytes_read=450, rows=12000, started_at=AT)


def test_a_load_that_was_killed_says_what_is_in_and_what_to_do(browser, lost):
    content = page(browser, lost).content.decode()
    assert "The loading broke off when 12,000 rows were read, 45 % of the file. Nothing of it was loaded." in content
    assert "<code>manage.py load stores /data/in/stores.csv</code>" in content
    assert "Load it\n" not in content
    assert "Waiting for a worker" not in content
    assert "Broken off" in browser.get(reverse("loads")).content.decode()


def test_a_page_that_watched_a_load_is_told_that_it_broke_off(browser, lost):
    assert page(browser, lost, HX_Request="true")["HX-Refresh"] == "true"


def test_a_load_that_was_killed_can_be_discarded(browser, lost):
    assert browser.post(reverse("load_discard", args=[lost.pk])).url == reverse("loads")
    assert not Load.objects.exists()


def test_a_load_from_the_command_line_shows_how_far_it_is(browser, lost, monkeypatch):
    monkeypatch.setattr(loading, "held", lambda: {lost.pk: 10.0})
    content = page(browser, lost).content.decode()
    assert "12,000 rows, 1,200 a second" in content
    assert 'value="450"' in content


def test_an_upload_whose_worker_was_killed_says_that_another_begins_again(browser):
    load = waiting(browser)
    Load.objects.update(state="loading", bytes_read=20, rows=7)
    content = page(browser, load).content.decode()
    assert "The loading broke off: waiting for a worker to begin again" in content
    assert "7 rows had been read, and nothing is loaded so far." in content
