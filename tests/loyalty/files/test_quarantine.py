import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loyalty.files import quarantine, reader, rejects
from loyalty.files.kinds import MEMBERS, PRODUCTS, Kind
from loyalty.files.returned import STILL_TEXT

HEADER = "product_ref,name,category,price\n"
RAGGED = "p1,Beans,Coffee,1,more\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "kept.csv"


def products(tmp_path: Path, text: str, *, header: str = HEADER) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(header + text, newline="")
    return path


def keep(path: Path, place: Path, *, kind: Kind = PRODUCTS) -> int:
    """Keep all rows of a file that the reader rejects."""
    with rejects.written(path.with_suffix(".rejects")) as file:
        for block in reader.blocks(path, kind, time_zone="UTC"):
            file.add(block.rejects)
    return quarantine.keep(path, kind, rejects.reasons(path.with_suffix(".rejects")), place)


def rows(place: Path) -> list[list[str]]:
    with place.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read(place: Path, *, kind: Kind = PRODUCTS) -> tuple[list[dict[str, object]], list[str]]:
    """The rows that can be loaded, and why others cannot."""
    blocks = list(reader.blocks(place, kind, time_zone="UTC"))
    return (
        [row for block in blocks for row in block.table.drop_columns(["line"]).to_pylist()],
        [reject.reason for block in blocks for reject in block.rejects],
    )


def test_rejected_rows_are_kept_in_their_own_columns_each_with_its_reason(tmp_path: Path, place: Path) -> None:
    path = products(tmp_path, 'p1,Beans,Coffee,1.5\np2,"Two\nlines",Coffee,free\np3,,Tea,2\np4,Milk,Dairy,3\n')
    assert keep(path, place) == 2
    assert rows(place) == [
        ["product_ref", "name", "category", "price", "reject_line", "reject_column", "reject_reason", "reject_text"],
        ["p2", "Two\nlines", "Coffee", "free", "3", "price", "is not a number", ""],
        ["p3", "", "Tea", "2", "5", "name", "is empty, and must not be", ""],
    ]


@pytest.mark.parametrize("text", ["p1,Beans,Coffee,1,more", "p1,Beans", 'p1,Be"ans,Coffee,1', '"p1,Beans,Coffee,1'])
def test_a_row_that_fits_no_table_is_kept_as_text(tmp_path: Path, place: Path, text: str) -> None:
    path = products(tmp_path, f"{text}\np2,Tea,Tea,free\n")
    assert keep(path, place) == 1
    _, first, second = rows(place)
    assert (first[:5], first[7]) == (["", "", "", "", "2"], text)
    assert (second[0], second[7]) == ("p2", "")


def test_a_long_row_is_kept_whole(tmp_path: Path, place: Path) -> None:
    keep(products(tmp_path, f"p1,{'x' * 5000},Tea\n"), place)
    assert rows(place)[1][7] == f"p1,{'x' * 5000},Tea"


def test_a_row_in_another_encoding_is_kept_as_it_was_meant(tmp_path: Path, place: Path) -> None:
    path = products(tmp_path, "p,Tea,Tea,1\n" * 200)
    path.write_bytes(path.read_bytes() + "p9,Café,Tea,1\n".encode("cp1252"))
    keep(path, place)
    assert rows(place)[1][7] == "p9,Café,Tea,1"


def test_nobody_else_on_the_machine_may_read_it(tmp_path: Path, place: Path) -> None:
    place.touch(mode=0o644)
    keep(products(tmp_path, RAGGED), place)
    assert place.stat().st_mode & 0o777 == 0o600


# -- and back ----------------------------------------------------------------------------------------------------------


def test_kept_rows_are_rejected_for_the_same_reasons(tmp_path: Path, place: Path) -> None:
    keep(products(tmp_path, "p1,Beans,Coffee,free\np2,Tea,Tea,1\np3,Milk,Dairy,-\n"), place)
    assert read(place) == ([], ["is not a number", "is not a number"])


def test_mended_rows_are_read(tmp_path: Path, place: Path) -> None:
    keep(products(tmp_path, "p1,Beans,Coffee,free\np2,Tea,Tea,1\n"), place)
    place.write_text(place.read_text().replace("free", "0.10"))
    assert [row["product_ref"] for row in read(place)[0]] == ["p1"]


def test_text_that_is_put_into_its_columns_is_read(tmp_path: Path, place: Path) -> None:
    keep(products(tmp_path, RAGGED), place)
    place.write_text(place.read_text().replace('"","","",""', '"p1","Beans","Coffee","1"', 1))
    assert [row["name"] for row in read(place)[0]] == ["Beans"]


def test_text_that_is_left_as_it_is_is_not_lost(tmp_path: Path, place: Path) -> None:
    keep(products(tmp_path, RAGGED), place)
    assert read(place) == ([], [STILL_TEXT])
    keep(place, tmp_path / "again.csv")
    assert rows(tmp_path / "again.csv")[1][7] == "p1,Beans,Coffee,1,more"


FORMULAS = ["=1+1", "+61 400 000 000", "-", "@home", "'=1", "''", "'Iced' tea", "'", "＝1", "'\t=", "-5", "+5"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_kept_cell_is_a_formula_and_each_comes_back_as_it_was(tmp_path: Path, place: Path, cell: str) -> None:
    keep(products(tmp_path, f"p1,{cell},Coffee,free\n"), place)
    assert rejects.without_formula(cell) == rows(place)[1][1]
    assert not rows(place)[1][1].startswith(tuple("=+-@\t\r＝＋－＠"))
    place.write_text(place.read_text().replace("free", "1"))
    assert [row["name"] for row in read(place)[0]] == [cell]


def test_an_apostrophe_in_a_retailers_own_file_stays(tmp_path: Path) -> None:
    assert read(products(tmp_path, "p1,'=1,Coffee,1\n"))[0][0]["name"] == "'=1"


def test_a_negative_number_stays_a_number(tmp_path: Path, place: Path) -> None:
    keep(products(tmp_path, "p1,,Coffee,-1.50\n"), place)
    assert rows(place)[1][3] == "-1.50"


def test_rows_of_a_parquet_file_are_kept_too(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "members.parquet"
    pq.write_table(pa.table({"member_ref": ["m1", "m2", "m3"], "birth_year": [1980, 99999, None]}), path)
    assert keep(path, place, kind=MEMBERS) == 1
    assert rows(place)[1] == ["m2", "99999", "2", "birth_year", "is above 2100", ""]


def test_bytes_of_a_parquet_file_that_are_no_text_are_kept(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "members.parquet"
    pq.write_table(pa.table({"member_ref": [b"m1", b"m2"], "last_name": [b"Bo", b"Mo\xeb"]}), path)
    assert keep(path, place, kind=MEMBERS) == 0
    assert rows(place)[1][-1] == "m2,Moë"
