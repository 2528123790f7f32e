"""Whether a page is for everybody: in both schemes and on a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.look.browser import PHONE, WIDE

# Contrast takes long to check: of long tables the rows that repeat the first eight are seen once, in the first look.
FIRST_ROWS = {"exclude": [["tbody tr:nth-child(n+9)"]]}
LOOKS = {
    "light": ({"color_scheme": "light"}, WIDE, None),
    "dark": ({"color_scheme": "dark"}, WIDE, FIRST_ROWS),
    "phone": ({"color_scheme": "light"}, PHONE, FIRST_ROWS),
}
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def faults(page: Page) -> dict[str, list[str]]:
    """What is wrong with the page as it stands, by look; looks without a fault are left out."""
    found = {}
    for look, (scheme, viewport, part) in LOOKS.items():
        page.emulate_media(**scheme)
        page.set_viewport_size(viewport)
        found[look] = violations(page, part) + overflow(page)
    return {look: each for look, each in found.items() if each}


def violations(page: Page, part: dict[str, object] | None) -> list[str]:
    found = Axe().run(page, part, OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> list[str]:
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return [f"{width} pixels wide in {room}"] if width > room else []
