from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty import loading
from loyalty.intake.members import MEMBERS
from loyalty.intake.purchases import PURCHASES
from loyalty.models import Load, Member, Purchase
from loyalty.staging.quality import COMES_AGAIN, LAST_COUNTS
from tests import making

pytestmark = pytest.mark.django_db

HEADER = "line_ref,basket_ref,purchased_at,quantity,net_amount,member_ref\n"


@pytest.fixture(autouse=True)
def data(settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    making.member(ref="m")


def loaded(tmp_path: Path, text: str) -> loading.LoadResult:
    path = tmp_path / "purchases.csv"
    path.write_text(HEADER + text)
    return loading.load(PURCHASES, path, at=making.NOON)


def sums(result: loading.LoadResult) -> dict[str, Decimal]:
    """The sums of the net amounts, without those that are nothing."""
    found = {side: Decimal(amount) for side, amount in result.quality["sums"]["net_amount"].items()}
    return {side: amount for side, amount in found.items() if amount}


GOOD = "1,b,2026-02-01,1,100.00,m\n"


def test_money_is_added_up_to_the_cent_in_the_file_and_in_the_database(tmp_path: Path) -> None:
    result = loaded(tmp_path, "1,b,2026-02-01,1,0.1,m\n2,b,2026-02-01,1,0.2,m\n3,b,2026-02-01,1,99.99,nobody\n")
    assert sums(result) == {
        "read": Decimal("100.29"),
        "kept": Decimal("0.3"),
        "rejected": Decimal("99.99"),
        "found": Decimal("0.3"),
    }


def test_money_of_a_row_that_is_rejected_for_another_cell_is_read(tmp_path: Path) -> None:
    result = loaded(tmp_path, f"{GOOD}2,b,2026-02-31,1,500.00,m\n")
    assert sums(result) == {"read": 600, "kept": 100, "rejected": 500, "found": 100}


@pytest.mark.parametrize(
    "row",
    [
        "2,b,2026-02-01,1,lots,m",
        "2,b,2026-02-01,1,,m",
        "2,b,2026-02-01,1,500.00,m,more",
        "2,b,2026-02-01,1,500.00",
        '2,b,2026-02-01,1,5"00.00,m',
    ],
    ids=["no number", "empty", "too many cells", "too few", "stray quote"],
)
def test_a_row_whose_amount_cannot_be_read_is_counted(tmp_path: Path, row: str) -> None:
    result = loaded(tmp_path, f"{GOOD}{row}\n")
    assert sums(result) == {"read": 100, "kept": 100, "found": 100, "unread": 1}


def test_an_amount_that_may_be_empty_is_nothing_and_not_unread(tmp_path: Path) -> None:
    path = tmp_path / "purchases.csv"
    path.write_text(HEADER.replace("member_ref", "discount_amount") + "1,b,2026-02-31,1,5,\n2,b,2026-02-31,1,5,x\n")
    result = loading.load(PURCHASES, path, at=making.NOON)
    assert result.quality["sums"]["discount_amount"]["unread"] == 1


@pytest.mark.parametrize("is_staged", [False, True])
def test_what_was_read_was_written_known_or_rejected(tmp_path: Path, is_staged: bool) -> None:
    if is_staged:
        loaded(tmp_path, "7,b,2026-02-01,1,3,m\n8,b,2026-02-01,1,4,m\n")
    result = loaded(
        tmp_path,
        f"{GOOD}2,b,2026-02-31,1,50,m\n3,b,2026-02-01,1,9,nobody\n4,b,2026-02-01,1,?,m\n"
        "7,b,2026-02-01,1,3,m\n8,b,2026-02-01,1,4.01,m\n",
    )
    others = {"known": 3, "kept": 100, "rejected": Decimal("63.01")} if is_staged else {}
    expected = others or {"kept": Decimal("107.01"), "rejected": 59}
    found = {"found": expected["kept"]}
    assert sums(result) == {"read": Decimal("166.01"), "unread": 1} | expected | found


def test_lines_that_come_again_are_read_and_not_kept(tmp_path: Path) -> None:
    loaded(tmp_path, "1,b,2026-02-01,1,5,m\n")
    result = loaded(tmp_path, "1,b,2026-02-01,1,5,m\n2,b,2026-02-01,1,7,m\n")
    assert (result.loaded, result.unchanged) == (1, 1)
    assert sums(result) == {"read": 12, "kept": 7, "known": 5, "found": 7}


def test_the_catalogue_is_not_asked_whether_anything_was_compared(tmp_path: Path) -> None:
    loaded(tmp_path, "1,b,2026-02-01,1,5,m\n")
    with CaptureQueriesContext(connection) as asked:
        loaded(tmp_path, "1,b,2026-02-01,1,6,m\n")
    said = " ".join(str(query["sql"]) for query in asked)
    assert "CREATE TEMP TABLE compared" in said
    assert "regclass" not in said


def test_money_that_the_database_lost_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a line that disappears on the way makes the sums differ."""
    save = loading.bring_in.__globals__["straight"].bring_in

    def lossy(*arguments):
        appended = save(*arguments)
        Purchase.objects.filter(line_ref="2").delete()
        return appended

    monkeypatch.setattr(loading.bring_in.__globals__["straight"], "bring_in", lossy)
    result = loaded(tmp_path, "1,b,2026-02-01,1,5,m\n2,b,2026-02-01,1,7,m\n")
    assert sums(result) == {"read": 12, "kept": 12, "found": 5}


def test_rows_that_look_wrong_are_counted_though_they_are_loaded(tmp_path: Path) -> None:
    result = loaded(tmp_path, "1,b,2026-02-01,1,5,\n2,b,2026-02-01,1,0,m\n")
    assert result.loaded == 2
    assert result.quality["suspicious"] == {
        "without a member: they count in no profile": 1,
        "given away for nothing": 1,
    }


MEMBERS_TWICE = "member_ref,tier\nm1,gold\nm2,gold\nm1,silver\nm1,bronze\n"


def members(tmp_path: Path, text: str) -> loading.LoadResult:
    path = tmp_path / "members.csv"
    path.write_text(text)
    return loading.load(MEMBERS, path, at=making.NOON)


def test_of_rows_about_one_member_the_last_counts_and_the_others_are_told(tmp_path: Path) -> None:
    result = members(tmp_path, MEMBERS_TWICE)
    assert (result.loaded, result.updated, result.unchanged, result.rejected) == (2, 1, 1, 0)
    assert result.quality["suspicious"] == {LAST_COUNTS: 2}
    assert Member.objects.get(ref="m1").tier == "bronze"


def test_a_file_that_tells_of_a_member_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    members(tmp_path, MEMBERS_TWICE)
    result = members(tmp_path, MEMBERS_TWICE)
    assert (result.loaded, result.updated, result.unchanged, result.rejected) == (0, 0, 4, 0)
    assert result.quality["suspicious"] == {LAST_COUNTS: 2}
    assert Member.objects.get(ref="m1").tier == "bronze"


def test_a_known_member_who_comes_twice_is_updated_once(tmp_path: Path) -> None:
    members(tmp_path, "member_ref,tier\nm1,none\n")
    result = members(tmp_path, MEMBERS_TWICE)
    assert (result.loaded, result.updated, result.unchanged) == (1, 1, 2)


def test_purchases_that_come_twice_in_a_file_are_told(tmp_path: Path) -> None:
    result = loaded(tmp_path, f"{GOOD}{GOOD}")
    assert (result.loaded, result.unchanged, result.quality["suspicious"]) == (1, 1, {COMES_AGAIN: 1})


def test_rejected_rows_are_kept_and_load_once_what_they_lacked_is_there(tmp_path: Path) -> None:
    result = loaded(tmp_path, "1,b,2026-02-01,1,5,m\n2,b,2026-02-01,1,7,late\n3,b,someday,1,7,m\n")
    assert (result.rejected, result.quality["kept_rows"]) == (2, 2)
    making.member(ref="late")
    again = loading.load(PURCHASES, loading.quarantine_of(Load.objects.get()), at=making.NOON)
    assert (again.loaded, again.rejected) == (1, 1)


def test_kinds_that_are_updated_add_up_no_money(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("member_ref\nm1\n")
    result = loading.load(MEMBERS, path, at=making.NOON)
    assert result.quality["sums"] == {}
