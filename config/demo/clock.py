"""The demo's clock: the real one, moved by what `world.json` says. Whoever reads it sees a move at once."""

import datetime as dt
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from config.demo import state


def now() -> dt.datetime:
    """The moment it is in the simulated retailer's world, in UTC."""
    file = state.path()
    try:
        stamp = file.stat()
    except FileNotFoundError:
        return timezone.now()
    return timezone.now() + _offset(file, stamp.st_mtime_ns, stamp.st_ino)


def set_to(moment: dt.datetime) -> None:
    """Let it be this moment now; from here on the clock ticks as the real one does."""
    state.change(offset_seconds=(moment - timezone.now()).total_seconds())


@lru_cache(maxsize=1)
def _offset(_file: Path, _modified: int, _inode: int) -> dt.timedelta:
    """Read once per version of the file: each is a new file in the place of the old."""
    known = state.read()
    return dt.timedelta(seconds=known.offset_seconds if known else 0.0)
