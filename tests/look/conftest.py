import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings

from tests.look import browser

GALLERY = Path(__file__).parent / "gallery" / "templates"

# The gallery has a person in its context and no database behind it: only what shapes the answer is left in.
MIDDLEWARE = [
    "config.security.PageSecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]


@pytest.fixture
def gallery(settings: Settings) -> None:
    """Put the gallery in the place of the product's pages, with the product's own templates and headers."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(GALLERY)
    settings.TEMPLATES = templates
    settings.MIDDLEWARE = MIDDLEWARE
    settings.ROOT_URLCONF = "tests.look.gallery.urls"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.started() as started:
        yield started
