"""File locks. The kernel lets go of them when their holder dies, however it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path


@contextmanager
def shared(path: Path) -> Iterator[TextIOWrapper]:
    """Hold `path` together with others; waits while somebody holds it alone."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield file


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold `path` and nobody else; waits while anybody holds it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def take(file: TextIOWrapper) -> bool:
    """Hold the file alone until it is closed, if nobody else holds it now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Somebody holds `path`, alone or together."""
    if not path.exists():
        return False
    with path.open("a") as file:
        return not take(file)
