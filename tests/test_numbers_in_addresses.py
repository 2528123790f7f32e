"""Numbers that no row can have, wherever an address, a field or the name of a field takes one."""

import datetime as dt
import json

import pytest
from django.core import signing
from django.http import QueryDict
from django.urls import reverse

from loyalty import numerals, profiles
from loyalty.segmentation.sketch import undoing
from tests import making

pytestmark = pytest.mark.django_db

DIGITS = ["9" * 4_400, "9" * 30, "9" * 19, "-" + "9" * 4_400, "٣" * 4_400, "1e999", "²"]
LISTS = {
    "same_person": ("pair",),
    "layers": ("minimum", "rows"),
    "reviews": ("terms",),
    "members": ("page", "store", "tier"),
    "members_export": ("store",),
    "loads": ("page", "kind"),
    "quality": ("page",),
    "offers": ("page", "state"),
    "merges": ("page",),
    "campaigns": ("page",),
    "search": ("q",),
    "segment_words": ("of",),
}
NUMBERED = ("segment", "segment_rule", "run", "decisions", "load")
POSTED = [
    ("layers", {"cell": "{}.{}", "do": "save", "name": "x"}),
    ("layers", {"row": "{}", "column": "{}"}),
    ("segment_new", {"0:match": "all", "0.{}:feature": "tier"}),
    ("segment_new", {"0:match": "all", "0.0:segment": "{}"}),
    ("segment_new", {"0:match": "all", "0.0:feature": "age", "0.0:is": "at_most", "0.0:value": "{}"}),
    ("segment_new", {"0:match": "all", "0.0:bought": "anything", "0.0:least": "{}", "0.0:days": "{}"}),
    ("segment_new", {"0:match": "all", "do": "remove:0.{}"}),
    ("segment_new", {"do": "undo", "taken_out": '["0.{}", {{"all": []}}]'}),
    ("segment_new", {"do": "bring", "text": '{{"segment": {}}}'}),
]


@pytest.fixture
def browser(as_, settings, tmp_path, monkeypatch, otto, mara):
    settings.DATA = tmp_path
    monkeypatch.setattr("loyalty.clock.now", lambda: making.NOON)
    making.purchase(making.member(tier="Gold"), at=making.NOON - making.DAY, product=making.product())
    profiles.build(dt.date(2026, 3, 2), at=making.NOON)
    otto.groups.add(*mara.groups.all())
    return as_(otto)


@pytest.fixture
def asked_for(monkeypatch):
    """The parameters that pages read."""
    found, read, read_all = set(), QueryDict.__getitem__, QueryDict.getlist
    monkeypatch.setattr(QueryDict, "__getitem__", lambda self, key: (found.add(key), read(self, key))[1])
    monkeypatch.setattr(QueryDict, "getlist", lambda self, key, *rest: (found.add(key), read_all(self, key, *rest))[1])
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_list_answers_whatever_number_its_address_has(browser, asked_for, name):
    for parameter in LISTS[name]:
        asked_for.clear()
        for digits in DIGITS:
            answer = browser.get(reverse(name), {parameter: digits})
            assert answer.status_code in {200, 302, 404}, (parameter, digits[:20])
        assert parameter in asked_for, f"The page never reads {parameter}, so no number can break it."


@pytest.mark.parametrize("name", NUMBERED)
def test_a_page_that_no_number_leads_to_is_not_found(browser, name):
    for digits in ("9" * 4_400, "9" * 30, "9" * 19):
        address = reverse(name, args=[7]).replace("/7/", f"/{digits}/")
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize(("name", "fields"), POSTED)
def test_a_form_answers_whatever_number_is_posted(browser, name, fields):
    for digits in DIGITS:
        posted = {field.format(digits): value.format(digits, digits) for field, value in fields.items()}
        if "taken_out" in posted:  # unsigned it is not even read
            posted["taken_out"] = signing.dumps(json.loads(posted["taken_out"]), salt=undoing.__name__)
        assert browser.post(reverse(name), posted).status_code in {200, 400, 409}, digits[:20]


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("42", 42), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None), ("²", None)],
)
def test_a_whole_number_is_one_that_a_row_could_have(text, number):
    assert numerals.whole(text) == number
