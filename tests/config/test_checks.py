"""What is refused at the start, in a sentence; the published secret is in test_access."""

from typing import Any

import pytest
from django.core import checks


def found() -> list[str]:
    return [each.msg for each in checks.run_checks() if each.id == "liftwell.E002"]


@pytest.mark.parametrize(
    "sizes", [[], "Shoes", {"Shoes": "36"}, {"Shoes": []}, {"Shoes": [36]}, {"Shoes": [" "]}, {"Shoes": None}, None]
)
def test_sizes_that_nobody_could_be_asked_for_are_refused(settings: Any, sizes: Any) -> None:
    settings.RETAILER_SIZES = sizes
    (sentence,) = found()
    assert 'Write things and their sizes: {"Shoes": ["36", "37"]}.' in sentence


@pytest.mark.parametrize("sizes", [{}, {"Shoes": ["36", "37"], "Shirts": ["M"]}])
def test_other_sizes_are_let_be(settings: Any, sizes: Any) -> None:
    settings.RETAILER_SIZES = sizes
    assert found() == []
