from contextlib import nullcontext

import numpy as np
import pytest

from config.bench import many_members, scratch, segments, segments_page
from config.bench.frame import Size
from config.bench.segment_edits import edits
from loyalty.profiling import dictionary

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Size(members=3000, offers=0, repetitions=1)


@pytest.fixture
def own_database(monkeypatch):
    """The tests' database is one of its own already."""
    monkeypatch.setattr(scratch, "database", nullcontext)


def test_bitsets_count_what_postgresql_counts(own_database):
    outcome = segments.run(SMALL, lambda _: None)
    assert outcome.agrees
    assert 0 < outcome.figures["matching"] < SMALL.members


def test_the_page_says_what_whole_columns_come_to(own_database, monkeypatch):
    monkeypatch.setattr(segments_page, "EDITS", 20)
    outcome = segments_page.run(SMALL, lambda _: None)
    assert outcome.agrees
    assert outcome.figures["edits"] == 20


def test_members_are_the_same_for_the_same_seed_and_know_every_feature():
    one, two = many_members.profiles(500), many_members.profiles(500)
    assert set(dictionary.FIXED) <= set(one.columns)
    assert all(np.array_equal(one.columns[name], two.columns[name], equal_nan=True) for name in one.columns)


def test_edits_keep_a_rule_that_matches_somebody_now_and_then():
    members = many_members.profiles(2000)
    found = [edit.matching(members) for edit in edits(members, 40)]
    assert len(set(found)) > 20
