import pytest
from django.urls import reverse

from config.views import quality
from loyalty import clock
from loyalty.models import Load
from tests.bringing import AT, Bring, bring, data

__all__ = ["bring", "data"]

pytestmark = pytest.mark.django_db
LINES = "line_ref,basket_ref,purchased_at,quantity,net_amount\n"


@pytest.fixture
def browser(as_, otto, data, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    return as_(otto)


def shown(browser) -> str:
    return " ".join(browser.get(reverse("quality")).content.decode().split())


def test_without_files_the_page_says_where_to_begin(browser):
    assert "No files in 90 days" in shown(browser)


def test_the_sentence_counts_files_and_rows(browser, bring: Bring):
    bring("stores", "store_ref,name\n,A\ns,B\n")
    bring("purchases", LINES + "1,b,2026-02-01,1,5\n")
    assert "2 files in 90 days: 1 of 3 rows was rejected, and all money adds up to the cent." in shown(browser)


def test_each_file_says_what_looks_wrong(browser, bring: Bring):
    bring("purchases", LINES + "1,b,2026-02-01,1,0\n")
    assert "1 given away for nothing" in shown(browser)


def test_missing_money_is_an_alarm(browser, bring: Bring):
    bring("purchases", LINES + "1,b,2026-02-01,1,5\n")
    load = Load.objects.get()
    load.quality["sums"]["net_amount"]["found"] = "4.99"
    load.save()
    assert "Some money was written and is not in the database." in shown(browser)


def test_amounts_that_could_not_be_read_are_not_said_to_add_up(browser, bring: Bring):
    bring("purchases", LINES + "1,b,2026-02-01,1,5\n2,b,2026-02-01,1,lots\n")
    said = shown(browser)
    assert "all money that could be read adds up to the cent; of 1 rejected row an amount could not be read." in said
    assert "adds up but for 1 row not readable" in said


def test_loads_of_before_rejected_money_was_told_still_add_up(browser, bring: Bring):
    bring("purchases", LINES + "1,b,2026-02-01,1,5\n")
    load = Load.objects.get()
    load.quality["sums"]["net_amount"] = {"read": "7", "kept": "5", "found": "5"}
    load.save()
    assert "all money adds up to the cent." in shown(browser)


def test_kinds_of_which_nothing_came_are_named(browser, bring: Bring):
    bring("stores", "store_ref,name\ns,B\n")
    said = shown(browser)
    assert "No file in 90 days of: products, stock, members," in said
    assert reverse("loads") + "?kind=stores" in said


def test_a_page_of_files_is_a_part_of_its_own(browser, bring: Bring, monkeypatch):
    monkeypatch.setattr(quality, "PER_PAGE", 1)
    for name in ("old", "new"):
        bring("stores", f"store_ref,name\n{name},B\n")
    part = browser.get(reverse("quality"), {"page": 2}, headers={"HX-Request": "true"}).content.decode()
    assert "2 of 2 files" in part
    assert "by kind of file" not in part
