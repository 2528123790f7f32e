"""What runs on this machine, as /proc tells it: for tests that end processes and count what is left."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def marked(marker: str) -> set[int]:
    """Live processes that have `marker` in their environment or on their command line."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and marker.encode() in _said_by(folder) and is_alive(int(folder.name)):
            found.add(int(folder.name))
    return found


def _said_by(folder: Path) -> bytes:
    said = b""
    for name in ("environ", "cmdline"):
        with suppress(OSError):
            said += (folder / name).read_bytes()
    return said


def is_alive(pid: int) -> bool:
    """The process exists and is no zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def children(pid: int) -> set[int]:
    found: set[int] = set()
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found |= set(map(int, (task / "children").read_text().split()))
    return found


def descendants(pid: int) -> set[int]:
    """Children, their children and so on."""
    return children(pid).union(*map(descendants, children(pid)))


def words(pid: int) -> list[str]:
    """The command line of a process."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


def eventually(is_so: Callable[[], bool], *, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
