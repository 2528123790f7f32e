"""Purchase lines as arrays, the same for the same seed, in blocks of members as profiles are built from them.

Without Django: memory is measured in a process that knows nothing of it.
"""

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from loyalty.profiling import features
from loyalty.profiling.records import Lines, Members
from loyalty.profiling.table import day_number

AS_OF = dt.date(2026, 3, 1)
LINES_PER_MEMBER, LINES_PER_BASKET = 64, 4
DAYS = 730
MEMBERS_PER_BLOCK = 4096
VOCABULARIES = {
    "department": tuple(f"Department {number}" for number in range(1, 13)),
    "channel": ("store", "online", "app", "phone"),
    "tier": (),
    "home_store": (),
}
SHARE_RETURNED, SHARE_REDUCED, SHARE_UNKNOWN = 0.02, 0.25, 0.03


def members(count: int) -> Members:
    unknown = np.full(count, -1, dtype=np.int32)
    return Members(np.arange(1, count + 1), unknown, unknown, unknown, unknown)


def blocks(count: int) -> Iterator[Lines]:
    """The lines of so many members: baskets of a few lines each, in the order of time within a block."""
    for first in range(0, count, MEMBERS_PER_BLOCK):
        yield _block(first, min(MEMBERS_PER_BLOCK, count - first))


def built(count: int) -> int:
    """How many columns profiles have that are built as the application builds them.

    Lines are drawn as they are asked for, and what is found of members is laid aside: neither is ever all in memory.
    """
    with tempfile.TemporaryDirectory() as aside:
        profiles = features.build(
            members(count), blocks(count), as_of=AS_OF, vocabularies=VOCABULARIES, aside=Path(aside)
        )
        return len(profiles.columns)


def _block(first: int, count: int) -> Lines:
    rng = np.random.default_rng(first)
    total = count * LINES_PER_MEMBER
    baskets = total // LINES_PER_BASKET
    age = np.sort(rng.integers(1, DAYS + 1, baskets))[::-1]
    of_basket: dict[str, np.ndarray] = {
        "member": first + rng.integers(0, count, baskets, dtype=np.int32),
        "day": (day_number(AS_OF) - age).astype(np.int32),
        "hour": rng.integers(7, 22, baskets, dtype=np.int16),
        "basket": rng.integers(-(2**63), 2**63 - 1, baskets, dtype=np.int64),
        "channel": rng.choice(np.array([0, 0, 0, 1, 2, 3], dtype=np.int16), baskets),
    }
    returned = np.where(rng.random(total) < SHARE_RETURNED, -1, 1)
    unknown = rng.random(total) < SHARE_UNKNOWN
    department = rng.integers(0, len(VOCABULARIES["department"]), total, dtype=np.int16)
    reduced = np.where(rng.random(total) < SHARE_REDUCED, rng.integers(10, 500, total), 0)
    return Lines(
        **{name: np.repeat(column, LINES_PER_BASKET) for name, column in of_basket.items()},
        department=np.where(unknown, -1, department).astype(np.int16),
        net_e4=rng.integers(50, 2500, total) * 100 * returned,
        discount_e4=reduced * 100,
    )
