"""Files brought to the database in tests: `bring("stores", "store_ref,name\\ns1,A\\n")`."""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from config.kinds import TARGETS
from loyalty.loading import LoadResult, load

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
Bring = Callable[..., LoadResult]


@pytest.fixture
def data(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A data directory of the test's own."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def bring(db: None, data: Path) -> Bring:
    """Loads a file of this kind with this content, and says what became of its rows."""

    def loaded(
        kind: str, content: str, *, by: User | None = None, at: dt.datetime = AT, dry_run: bool = False
    ) -> LoadResult:
        path = data / f"{kind}.csv"
        path.write_text(content)
        return load(TARGETS[kind], path, at=at, by=by, dry_run=dry_run)

    return loaded


def fates(result: LoadResult) -> tuple[int, int, int, int]:
    """Rows loaded, updated, unchanged and rejected."""
    return result.loaded, result.updated, result.unchanged, result.rejected


def rejects(result: LoadResult) -> list[tuple[int, str, str, str]]:
    """The rejects file's rows."""
    if not result.rejects_file:
        return []
    with Path(result.rejects_file).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return [(int(line), column, value, reason) for line, column, value, reason in rows[1:]]
