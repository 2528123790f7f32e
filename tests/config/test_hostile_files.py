"""Whatever stands in a file, it is refused in one sentence with nothing written, or each of its rows has one fate.

Each file goes through the real loader into PostgreSQL and out again. `LIFTWELL_HOSTILE_FILES=10000` asks for more.
"""

import datetime as dt
import os
import random
from collections import Counter
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.sql import SQL, Identifier

from config.kinds import TARGETS
from loyalty.files import parquet, parsing, rejects, times
from loyalty.loading import LoadResult, load
from loyalty.refusal import Refused
from loyalty.staging import judging
from loyalty.staging.target import Target
from tests import hostile
from tests.bringing import AT, Bring, bring, data

__all__ = ["bring", "data"]

TESTS = 4
FILES_PER_TEST = int(os.environ.get("LIFTWELL_HOSTILE_FILES", "160")) // TESTS

WORLD = {
    "stores": "store_ref,name\nstore-1,North\nstore-2,South\n",
    "products": "product_ref,name,category\nproduct-1,Beans,Grocery > Coffee\nproduct-2,Tea,Grocery > Tea\n",
    "stock": "store_ref,product_ref,quantity,counted_at\nstore-1,product-1,5,2026-03-01\n",
    "members": "member_ref,tier,attr_1\nmember-1,gold,x\nmember-2,silver,\n",
    "consents": "member_ref,purpose,channel,granted,at\nmember-1,marketing,email,true,2026-01-11T10:00:00\n",
    "purchases": "line_ref,basket_ref,purchased_at,quantity,net_amount\nline-1,basket-1,2026-01-11T10:00:00,1,9.99\n",
    "events": "event_ref,member_ref,at,kind\nevent-1,member-1,2026-01-11T10:00:00,own_kind\n",
    "offers": "offer_ref,name,kind\noffer-1,Ten off,amount\n",
    "campaigns": "campaign_ref,name,starts_at,ends_at\ncampaign-1,Spring,2026-01-01,2026-02-01\n",
    "assignments": "campaign_ref,member_ref,arm\ncampaign-1,member-1,treated\n",
}


@pytest.fixture
def world(bring: Bring) -> None:
    """One known row of each kind, and two of what the others refer to."""
    for kind, content in WORLD.items():
        assert not bring(kind, content).rejected, kind


def fate(target: Target, path: Path, rows: int | None) -> tuple[str, list[str]]:
    """What became of a file, and what is wrong with that; the database is as it was afterwards."""
    with transaction.atomic():
        before = size(target)
        try:
            result = load(target, path, at=AT)
        except Refused as refusal:
            said = "refused", wrong_refusal(str(refusal)) + (["wrote rows"] if size(target) != before else [])
        else:
            said = told(result), wrong_result(result, rows, added=size(target) - before) + wrong_repeat(target, path)
        transaction.set_rollback(True)
    return said


def told(result: LoadResult) -> str:
    return "some rejected" if result.rejected else "all taken"


def wrong_refusal(sentence: str) -> list[str]:
    is_one = sentence.endswith(".") and "\n" not in sentence and len(sentence) < 700
    return [] if is_one else [f"is refused so: {sentence[:900]!r}"]


def wrong_result(result: LoadResult, rows: int | None, *, added: int) -> list[str]:
    fates = result.loaded + result.updated + result.unchanged + result.rejected
    listed = len(set(rejects.reasons(Path(result.rejects_file)).lines.tolist())) if result.rejects_file else 0
    claims = {
        f"{result.rows} rows have {fates} fates": result.rows == fates,
        f"{rows} rows were written, {result.rows} were read": rows is None or result.rows == rows,
        f"{result.loaded} are said to be loaded, {added} were added": result.loaded == added,
        f"{result.rejected} are said to be rejected, {listed} are listed": result.rejected == listed,
    }
    return [words for words, holds in claims.items() if not holds]


def wrong_repeat(target: Target, path: Path) -> list[str]:
    """What comes a second time is known."""
    again = load(target, path, at=AT)
    return [f"{again.loaded} rows are loaded again"] if again.loaded else []


def size(target: Target) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(target.table)))
        return int(cursor.fetchone()[0])


def wrong(seed: int, files: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """The fates of so many files, and what is wrong with each by its seed and number."""
    fates: Counter[str] = Counter()
    complaints: list[str] = []
    for number in range(files):
        chance = random.Random(f"{seed} {number}")
        target = chance.choice(list(TARGETS.values()))
        file = hostile.made(target.kind, chance)
        path = folder / f"hostile{file.suffix}"
        path.write_bytes(file.content)
        became, found = fate(target, path, file.rows)
        fates[became] += 1
        complaints += [f"{seed} {number} ({target.kind.name}, {file.damage}): {each}" for each in found]
    return fates, complaints


@pytest.mark.parametrize("seed", range(TESTS))
def test_every_file_is_refused_or_each_of_its_rows_has_one_fate(world: None, data: Path, seed: int) -> None:
    fates, complaints = wrong(seed, FILES_PER_TEST, data)
    assert complaints == []
    assert min(fates[each] for each in ("refused", "some rejected", "all taken")) > FILES_PER_TEST / 20, fates


# -- negative controls -------------------------------------------------------------------------------------------------


def test_reject_that_is_lost_is_refused_by_the_database(
    world: None, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = judging.rejects
    monkeypatch.setattr(judging, "rejects", lambda target: list(whole(target))[1:])
    with pytest.raises(IntegrityError, match="every_row_is_accounted_for"):
        wrong(0, 40, data)


def test_row_that_is_left_out_would_be_found(world: None, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parquet._as_text
    monkeypatch.setattr(parquet, "_as_text", lambda batch, *rest, **more: whole(batch.slice(1), *rest, **more))
    assert any("were written" in each for each in wrong(0, 40, data)[1])


def test_error_that_nobody_handles_would_be_found(world: None, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "read_time", dt.datetime.fromisoformat)
    monkeypatch.setattr(parsing, "each", lambda texts, read: ([text and read(text) for text in texts], {}))
    with pytest.raises(ValueError, match="Invalid isoformat"):
        wrong(0, 60, data)
