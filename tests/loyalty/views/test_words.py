import datetime as dt

import pytest
from django.urls import reverse

from loyalty import profiles
from tests import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def browser(as_, mara, settings, tmp_path):
    settings.DATA = tmp_path
    beans = making.product(ref="p-1", name="House Blend", category="Coffee > Beans")
    making.purchase(making.member(), at=making.NOON - making.DAY, product=beans)
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)
    return as_(mara)


def found(browser, of, typed, field="0.1:sought"):
    return browser.get(reverse("segment_words"), {"of": of, "field": field, field: typed}).content.decode()


@pytest.mark.parametrize(
    ("of", "typed", "button"),
    [
        ("category", "bean", 'value="name:0.1:Coffee &gt; Beans"'),
        ("category", "beens", 'value="name:0.1:Coffee &gt; Beans"'),
        ("product", "house", 'value="name:0.1:p-1"'),
    ],
)
def test_what_is_typed_is_answered_by_buttons_that_choose_it(browser, of, typed, button):
    assert button in found(browser, of, typed)


def test_what_is_like_nothing_is_said_to_be(browser):
    assert "Nothing is called “zzz”." in found(browser, "product", "zzz")


def test_a_kind_of_word_that_there_is_not_is_not_found(browser):
    assert browser.get(reverse("segment_words"), {"of": "wishes"}).status_code == 404


def test_without_profiles_there_are_no_words(as_, mara):
    assert as_(mara).get(reverse("segment_words"), {"of": "category"}).status_code == 404
