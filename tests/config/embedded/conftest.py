import shutil
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
        place = layout.at(data)
        yield place
        for sockets in (place.postgres_sockets, place.redis_sockets):
            shutil.rmtree(sockets, ignore_errors=True)
