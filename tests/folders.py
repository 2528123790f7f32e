"""Temporary directories that every user may enter: root's PostgreSQL runs as another user, and pytest's are closed."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_to_all() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="liftwell-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
