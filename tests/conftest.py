"""What every test may ask for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browsing import chromium
from tests.cast import abel, ana, as_, mara, milo, noor, otto

__all__ = ["abel", "ana", "as_", "chromium", "mara", "milo", "noor", "otto", "shared_data"]

PUBLIC_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def files_are_found_when_asked_for(settings) -> None:
    """Otherwise every new test client lists all static files before its first page."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Gives the path of a public data file, such as `starbucks/transcript.parquet`.

    Where it is absent the test is skipped by name; under CI=true that is a failure.
    """
    return find_public_data


def find_public_data(name: str) -> Path:
    path = PUBLIC_DATA / name
    if path.exists():
        return path
    sentence = f"Not checked on real data: {path} is absent. Put the public data there to run this test."
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)
