from hashlib import sha256

import numpy as np
import pytest

from campaigns.assignment import digests
from loyalty.profiling.refs import Refs

# As long as to fit one block of 64 bytes with their padding, just not, two blocks, just not two, and several.
REFS = ["", "7", "Zoë", *("x" * size for size in range(30, 140)), "long " * 60]
PREFIX = "salt of a campaign|"


def by_library(refs):
    told = b"".join(sha256((PREFIX + ref).encode()).digest() for ref in refs)
    return np.frombuffer(told, dtype=">u8").reshape(-1, 4).tolist()


@pytest.fixture
def compiled(monkeypatch):
    monkeypatch.setattr(digests, "WORTH_COMPILING", 0)
    monkeypatch.setattr(digests, "AT_ONCE", 7)


def test_few_are_hashed_by_the_library():
    assert digests.digests(PREFIX, Refs.of(REFS)).tolist() == by_library(REFS)


def test_many_are_hashed_by_a_compiled_loop_that_says_the_same(compiled):
    assert digests.digests(PREFIX, Refs.of(REFS)).tolist() == by_library(REFS)


def test_some_of_the_members_are_hashed_as_among_all(compiled):
    some = np.array([1, 5, 40])
    assert digests.digests(PREFIX, Refs.of(REFS).take(some)).tolist() == by_library([REFS[row] for row in some])


def test_a_change_of_one_letter_shows(compiled):
    """The negative control: the comparison above would notice a loop that hashes something else."""
    assert digests.digests(PREFIX, Refs.of(["m1"])).tolist() != by_library(["m2"])
