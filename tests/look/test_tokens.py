"""The contrast of every pair of colours that is used together, in both schemes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES: Path = settings.BASE / "static" / "css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TOKENS = {name: colours for name, *colours in TOKEN.findall((STYLES / "tokens.css").read_text())}

GROUNDS = ["ground", "sheet", "raised", "hover", "accent-wash"]
WASHES = ["accent-wash", "pays-wash", "fails-wash", "unsure-wash"]
VERDICTS = ["pays", "fails", "unsure"]

TEXT = [
    *[(text, ground) for text in ("ink", "muted", "accent", "accent-strong") for ground in GROUNDS],
    *[(text, wash) for text in ("ink", "accent", "accent-strong") for wash in WASHES],
    *[(verdict, ground) for verdict in VERDICTS for ground in ("sheet", "raised", "hover", f"{verdict}-wash")],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-fails", "fails"),
    ("on-fails", "fails-strong"),
    ("sheet", "ink"),
]
SHAPES = [
    *[("edge", ground) for ground in ("ground", "sheet", "raised")],
    *[("accent", ground) for ground in [*GROUNDS, *WASHES]],
    *[(f"series-{number}", "sheet") for number in range(1, 6)],
    *[(verdict, f"{verdict}-wash") for verdict in VERDICTS],
]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(text: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[text][scheme], TOKENS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_told_from_their_ground(shape: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[shape][scheme], TOKENS[ground][scheme]) >= 3


def test_contrast_agrees_with_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known grey that just fails


def test_every_colour_outside_the_tokens_is_a_token() -> None:
    strays = {path.name: _colours(path) for path in STYLES.glob("*.css") if path.name != "tokens.css"}
    assert {name: found for name, found in strays.items() if found} == {}


def _colours(path: Path) -> list[str]:
    """Colours written out in a sheet; veils behind a dialog are no ground for text and may be."""
    return re.findall(r"^(?!.*light-dark).*(#[0-9a-f]{3,8}\b|rgb\(|hsl\().*$", path.read_text(), re.MULTILINE)


def test_every_token_that_is_used_is_there() -> None:
    defined = set(re.findall(r"^\s+--([\w-]+):", "\n".join(_sheets()), re.MULTILINE))
    used = set(re.findall(r"var\(--([\w-]+)", "\n".join(_sheets())))
    assert used - defined == set()


def _sheets() -> list[str]:
    return [path.read_text() for path in STYLES.glob("*.css")]
