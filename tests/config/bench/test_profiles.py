import json
from contextlib import nullcontext

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection

from config.bench import group_by, profiles, purchase_lines, scratch
from config.bench.frame import Size
from config.bench.purchase_lines import LINES_PER_MEMBER

SMALL = Size(members=40, offers=0, repetitions=1)


@pytest.fixture
def own_database(transactional_db, monkeypatch):
    """The tests' database is one of its own already; what the benchmark leaves there is taken away."""
    monkeypatch.setattr(scratch, "database", nullcontext)
    monkeypatch.setattr(profiles, "peak_mb", lambda *_: 1.0)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_line, bench_weight, bench_hour")
    connection.close()  # and with it the session's settings


@pytest.fixture
def changed(own_database, monkeypatch):
    """Adds one to one cell of PostgreSQL's answer."""
    whole = group_by.columns

    def change(name):
        def columns(rows, members):
            found = whole(rows, members)
            known = np.flatnonzero(np.isfinite(found[name]))
            if len(known):
                found[name][known[-1]] += 1
            return found

        monkeypatch.setattr(group_by, "columns", columns)

    return change


def agrees():
    return profiles.run(SMALL, lambda _: None).agrees


def test_arrays_and_postgresql_agree_in_every_cell(own_database):
    assert agrees()


@pytest.mark.parametrize("name", ["baskets_90", "spend_trend", "top_category", "affinity:Department 12"])
def test_one_cell_that_differs_is_noticed(changed, name):
    changed(name)
    assert not agrees()


def test_a_value_that_only_one_way_knows_is_noticed():
    columns = {"spend_trend": np.array([1.0, np.nan], dtype=np.float32)}
    theirs = {"spend_trend": np.array([1.0, 0.0], dtype=np.float32)}
    assert profiles._Cells(lambda: columns) == profiles._Cells(columns.copy)
    assert profiles._Cells(lambda: columns) != profiles._Cells(lambda: theirs)


def test_the_baseline_has_more_than_half_of_all_columns():
    features = purchase_lines.built(SMALL.members)
    compared = len(group_by.columns(group_by.no_sums(), 0))
    assert features / 2 < compared <= features


def test_the_command_tells_one_object_with_the_claim(own_database, capsys, monkeypatch):
    monkeypatch.setattr(profiles, "GOAL", 10_000.0)
    call_command("bench", "profiles", "--members", "40", "--repetitions", "1", "--json")
    *said, last = capsys.readouterr().out.splitlines()
    told = json.loads(last)
    assert {"job", "members", "seconds", "baseline_seconds", "ratio", "peak_mb"} <= told.keys()
    assert (told["job"], told["agrees"], told["lines"]) == ("profiles", True, 40 * LINES_PER_MEMBER)
    assert told["columns_of_the_baseline"] <= told["columns"]
    assert any("10000 times as fast is claimed" in line for line in said)
