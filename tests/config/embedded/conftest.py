import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded
from config.embedded import layout
from config.embedded.layout import Layout


@pytest.fixture(scope="module")
def place() -> Iterator[Layout]:
    """A data directory with a cluster in it, its servers stopped, that everybody may enter (root runs as nobody)."""
    data = Path(tempfile.mkdtemp(prefix="liftwell-test-"))
    data.chmod(0o755)
    with embedded.start(data, durable=False):
        pass
    yield layout.at(data)
    shutil.rmtree(data)
