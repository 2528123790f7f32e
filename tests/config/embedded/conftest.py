from collections.abc import Iterator

import pytest

from config import embedded
from config.embedded import layout
from config.embedded.layout import Layout
from tests import folders


@pytest.fixture(scope="module")
def place() -> Iterator[Layout]:
    """A data directory with a cluster in it, its servers stopped."""
    with folders.open_to_all() as data:
        with embedded.start(data, durable=False):
            pass
        yield layout.at(data)
