"""Every page, in both schemes and on a phone: accessible, quiet, and no wider than its window."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings

from tests.journeys.conftest import Enter
from tests.journeys.house import House
from tests.journeys.looks import faults
from tests.journeys.places import NO_PAGES, PLACES, ROUTES, Guide, our_routes
from tests.journeys.window import session


@pytest.fixture(scope="module")
def guide(house: House, chromium: Browser) -> Iterator[Guide]:
    context = chromium.new_context(
        base_url=house.address, storage_state=session("mara", chromium=chromium, house=house)
    )
    yield Guide(context.request)
    context.close()


@pytest.mark.browser
@pytest.mark.worker
@pytest.mark.xdist_group("journeys")
@pytest.mark.parametrize("name", PLACES)
def test_page_is_for_everybody_in_both_schemes_and_on_a_phone(name: str, enter: Enter, guide: Guide) -> None:
    page = enter(PLACES[name].who).page
    page.goto(guide.path(name))
    for figure in page.locator("[data-figure]").all():
        figure.and_(page.locator("[data-drawn]")).wait_for()
    assert not faults(page)


def test_every_route_is_a_place_or_refuses_to_be_read(
    as_: Callable[[User], Client], mara: User, settings: Settings
) -> None:
    settings.ROOT_URLCONF = ROUTES
    routes = {route.name: route for route in our_routes()}
    walked = {place.route or name for name, place in PLACES.items()}
    unread = {name: route for name, route in routes.items() if name not in walked | NO_PAGES.keys()}
    client = as_(mara)
    answers = {name: client.get(an_address(route)).status_code for name, route in unread.items()}
    assert answers == dict.fromkeys(unread, 405), "Give a new page its place in tests/journeys/places.py."


def an_address(route: URLPattern) -> str:
    known = route.pattern.converters.items()
    return reverse(route.name, kwargs={key: 1 if isinstance(kind, IntConverter) else "x" for key, kind in known})
