import csv
import io

import pyarrow.parquet as pq
import pytest

from analytics import exporting, freezing
from campaigns.models import Campaign
from tests.analytics.conftest import AFTER, decide, decide_alike

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(run):
    decide_alike(run)
    return freezing.freeze(run, as_of=AFTER)


def read(report):
    return list(csv.DictReader(io.StringIO(exporting.as_csv(report))))


def test_every_metric_is_a_row_with_the_numbers_of_the_report(report):
    (margin,) = [
        row
        for row in read(report)
        if (row["of"], row["name"], row["method"], row["unit"]) == ("metric", "margin", "headline", "money")
    ]
    told = report.told.of("margin").headline.each
    assert [float(margin[name]) for name in ("value", "low", "high")] == [told.value, told.low, told.high]
    assert (margin["arm"], margin["versus"], margin["members"]) == ("treated", "held_out", "30")


def test_every_row_says_when_and_by_what_code_it_was_made(report):
    rows = read(report)
    assert rows
    assert {(row["as_of"], row["version"], row["code"], row["digest"]) for row in rows} == {
        (AFTER.isoformat(), "1", report.code, report.digest)
    }


def test_parquet_holds_the_same_rows(report):
    table = pq.read_table(io.BytesIO(exporting.as_parquet(report)))
    assert table.to_pylist() == exporting.rows(report)


def test_what_could_not_be_told_has_a_reason_and_no_number(run):
    decide(run, [10, 20, 0] * 10, held_out=False, margin=None)
    decide(run, [10, 20, 0] * 10, held_out=True)
    rows = read(freezing.freeze(run, as_of=AFTER))
    (margin,) = [row for row in rows if (row["name"], row["method"]) == ("margin", "headline")]
    assert margin["value"] == ""
    assert "no margin_amount" in margin["reason"]


def test_no_cell_is_a_formula(run):
    Campaign.objects.update(ref="=HYPERLINK(1)")
    run.campaign.refresh_from_db()
    decide_alike(run)
    assert {row["campaign"] for row in read(freezing.freeze(run, as_of=AFTER))} == {"'=HYPERLINK(1)"}


def test_a_hidden_report_exports_no_number(run):
    decide(run, [10, 20] * 40, held_out=False)
    decide(run, [10, 20] * 10, held_out=True)
    frozen = freezing.freeze(run, as_of=AFTER)
    assert frozen.told.is_hidden
    assert exporting.rows(frozen) == []
