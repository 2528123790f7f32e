from decimal import Decimal
from pathlib import Path

import pytest

from loyalty import loading
from loyalty.intake.members import MEMBERS
from loyalty.intake.purchases import PURCHASES
from loyalty.models import Load, Purchase
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
    return {side: Decimal(amount) for side, amount in result.quality["sums"]["net_amount"].items()}


def test_money_is_added_up_to_the_cent_in_the_file_and_in_the_database(tmp_path: Path) -> None:
    result = loaded(tmp_path, "1,b,2026-02-01,1,0.1,m\n2,b,2026-02-01,1,0.2,m\n3,b,2026-02-01,1,99.99,nobody\n")
    assert sums(result) == {"read": Decimal("100.29"), "kept": Decimal("0.3"), "found": Decimal("0.3")}


def test_lines_that_come_again_are_read_and_not_kept(tmp_path: Path) -> None:
    loaded(tmp_path, "1,b,2026-02-01,1,5,m\n")
    result = loaded(tmp_path, "1,b,2026-02-01,1,5,m\n2,b,2026-02-01,1,7,m\n")
    assert (result.loaded, result.unchanged) == (1, 1)
    assert sums(result) == {"read": 12, "kept": 7, "found": 7}


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
