import csv
import io

import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from tests.analytics import bodies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def fetch(as_, noor, run):
    return lambda kind, **asked: as_(noor).get(reverse(f"report_{kind}", args=[run.campaign.ref]), asked)


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_a_report_is_fetched_as_csv_under_its_version(fetch, run):
    bodies.frozen(run)
    response = fetch("csv")
    assert response["Content-Disposition"] == f'attachment; filename="report-{run.pk}-version-1.csv"'
    assert {row["version"] for row in rows(response)} == {"1"}


def test_parquet_holds_the_same_rows(fetch, run):
    bodies.frozen(run)
    table = pq.read_table(io.BytesIO(fetch("parquet").content))
    assert table.num_rows == len(rows(fetch("csv"))) > 0


def test_an_older_version_is_fetched_by_its_number(fetch, run):
    for version in (1, 2):
        bodies.frozen(run, version=version)
    told = {asked: {row["version"] for row in rows(fetch("csv", version=asked))} for asked in (1, 2)}
    assert told == {1: {"1"}, 2: {"2"}}


def test_a_version_that_there_is_not_is_not_found(fetch, run):
    bodies.frozen(run)
    assert fetch("csv", version=3).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_before_the_first_report_there_is_no_file(fetch, kind):
    assert fetch(kind).status_code == 404


def test_a_report_that_a_check_hides_gives_no_numbers(fetch, run):
    bodies.frozen(run, bodies.hidden())
    assert rows(fetch("csv")) == []
