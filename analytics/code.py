"""Which code made a report: the same record gives the same report only by the same code."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from campaigns import responses

LENGTH = 12
# What shows a report has no part in what it says.
SHOWING = ("views", "management", "migrations", "figures", "presenting", "templatetags", "programme")


@cache
def version() -> str:
    """The beginning of a hash of everything that gathers, measures and judges."""
    digest = sha256()
    for file in _files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:LENGTH]


def _files() -> Iterator[Path]:
    here = Path(__file__).parent
    for file in sorted(here.rglob("*.py")):
        if file.relative_to(here).parts[0] not in SHOWING:
            yield file
    yield Path(responses.__file__)
