import csv
import json
from contextlib import nullcontext

import pytest
from django.core.management import call_command

from config.bench import imports, scratch
from config.bench.purchase_files import LINES_PER_MEMBER, written
from config.bench.reading import rows_by_block, rows_by_row, says_the_same
from loyalty.files import kinds
from tests.bringing import data

__all__ = ["data"]


@pytest.fixture
def purchases(tmp_path):
    return written(tmp_path, members=5).purchases


def test_the_lines_are_in_proportion_to_the_members(purchases):
    assert rows_by_row(purchases) == 5 * LINES_PER_MEMBER


def test_every_row_of_the_file_is_good_and_every_column_is_there(purchases):
    assert rows_by_block(purchases, "UTC") == rows_by_row(purchases)
    with purchases.open(newline="") as file:
        assert set(next(csv.reader(file))) == {column.name for column in kinds.PURCHASES.columns} - {"offer_ref"}


def test_the_same_size_gives_the_same_file(tmp_path, purchases):
    (tmp_path / "again").mkdir()
    assert written(tmp_path / "again", members=5).purchases.read_bytes() == purchases.read_bytes()


def test_a_row_that_one_way_leaves_out_is_noticed(purchases):
    assert says_the_same(purchases, "UTC")
    with purchases.open("a") as file:
        file.write("x,b,2026-02-30,1,9.99,,,,,,\n")
    assert not says_the_same(purchases, "UTC")


@pytest.fixture
def measured(db, data, monkeypatch):
    """The command's last line, for a file of a few members loaded within the test's own database."""
    monkeypatch.setattr(scratch, "database", nullcontext)
    monkeypatch.setattr(imports, "peak_mb", lambda *_: 1.0)

    def run(*options):
        call_command("bench", "import", "--members", "3", "--repetitions", "2", *options)

    return run


def test_one_object_is_printed_on_the_last_line(measured, capsys):
    measured("--json")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"job", "members", "offers", "seconds", "baseline", "baseline_seconds", "ratio", "peak_mb"} <= told.keys()
    assert told["agrees"]
    assert told["rows"] == told["into_postgresql_rows"] == 3 * LINES_PER_MEMBER
    assert told["rows_at_10_times"] == 10 * told["rows"]


def test_a_claim_that_does_not_hold_is_a_warning_and_no_error(measured, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(imports, "GOAL", 10_000)
    measured("--json", str(tmp_path / "found.json"))
    assert "10000 times as fast is claimed" in capsys.readouterr().out
    assert json.loads((tmp_path / "found.json").read_text())["goal"] == 10_000


def test_without_a_job_the_command_lists_them(capsys):
    call_command("bench")
    assert "\nimport " in capsys.readouterr().out


def test_the_median_of_what_all_processors_did_is_told():
    time = imports.CpuTime()
    for rounds in (0, 10**6, 10**7):
        time.of(lambda most: sum(range(most)), rounds)
    assert 0 < time.median < 10
