import datetime as dt
from pathlib import Path

import pytest

from loyalty.files import kinds, reader, suspicions

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LINE = "line_ref,basket_ref,purchased_at,quantity,net_amount,member_ref,product_ref,margin_amount\n"


def counted(tmp_path: Path, kind: kinds.Kind, text: str) -> dict[str, int]:
    path = tmp_path / "file.csv"
    path.write_text(text)
    (block,) = reader.blocks(path, kind, time_zone="UTC")
    assert not block.rejects
    return dict(suspicions.count(kind.name, block.table, AT))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,b,2026-02-01,1,5,,p,1", "without a member: they count in no profile"),
        ("1,b,2026-02-01,1,5,m,,1", "without a product: they count in no department"),
        ("1,b,2026-03-01T12:00:01,1,5,m,p,1", "dated after they were loaded"),
        ("1,b,2026-02-01,1,-5,m,p,-6", "bought, but paid less than nothing for"),
        ("1,b,2026-02-01,1,0,m,p,-1", "given away for nothing"),
        ("1,b,2026-02-01,1,5,m,p,5.01", "with a margin above what was paid"),
    ],
)
def test_a_line_that_looks_wrong_is_counted(tmp_path: Path, row: str, words: str) -> None:
    assert counted(tmp_path, kinds.PURCHASES, f"{LINE}{row}\n2,b,2026-02-01,1,5,m,p,2\n") == {words: 1}


@pytest.mark.parametrize("row", ["1,b,2026-02-01,1,5,m,p,5", "1,b,2026-02-01,-1,-5,m,p,-2", "1,b,2026-02-01,1,5,m,p,"])
def test_an_ordinary_line_is_not(tmp_path: Path, row: str) -> None:
    assert counted(tmp_path, kinds.PURCHASES, f"{LINE}{row}\n") == {}


def test_a_column_that_the_file_lacks_is_not_asked_about(tmp_path: Path) -> None:
    assert (
        counted(tmp_path, kinds.PURCHASES, "line_ref,basket_ref,purchased_at,quantity,net_amount\n1,b,2026-02-01,1,5\n")
        == {}
    )


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (kinds.MEMBERS, "member_ref,email,phone\nm1,,\nm2,a@example.com,\n", "without e-mail and phone"),
        (kinds.MEMBERS, "member_ref,joined_on\nm1,2026-03-02\nm2,2031-01-01\nm3,\n", "joined after they were loaded"),
        (kinds.MEMBERS, "member_ref,birth_year\nm1,2026\nm2,2027\n", "born after they were loaded"),
        (kinds.MEMBERS, "member_ref,birth_year\nm1,1915\nm2,1916\n", "born more than 110 years ago"),
        (
            kinds.PRODUCTS,
            "product_ref,name,category,price,unit_margin\np1,A,B,1,1.01\np2,A,B,1,1\n",
            "with a margin above their price",
        ),
        (kinds.PRODUCTS, "product_ref,name,category,price\np1,A,B,\np2,A,B,1\n", "without a price"),
    ],
)
def test_other_kinds_have_their_own_questions(tmp_path: Path, kind: kinds.Kind, text: str, words: str) -> None:
    assert counted(tmp_path, kind, text) == {words: 1}
