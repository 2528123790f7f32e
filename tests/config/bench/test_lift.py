from contextlib import nullcontext

import pytest
from django.db import connection

from config.bench import lift, scratch
from config.bench.frame import Size

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Size(members=3000, offers=0, repetitions=1)


@pytest.fixture(autouse=True)
def own_database(monkeypatch):
    """The tests' database is one of its own already."""
    monkeypatch.setattr(scratch, "database", nullcontext)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_spend")


def test_cells_have_the_sums_that_postgresql_has():
    outcome = lift.run(SMALL, lambda _: None)
    assert outcome.agrees
    assert outcome.figures["cells"] == 600


def test_members_in_the_other_arm_would_be_found_out(monkeypatch):
    """The negative control."""
    load = lift._load
    monkeypatch.setattr(lift, "_load", lambda members: load({**members, "arm": 1 - members["arm"]}))
    assert not lift.run(SMALL, lambda _: None).agrees
