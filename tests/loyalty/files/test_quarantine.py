from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loyalty.files import quarantine, reader
from loyalty.files.kinds import MEMBERS, PRODUCTS

HEADER = "product_ref,name,category,price\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "kept.csv"


def products(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(HEADER + text, newline="")
    return path


def rejected(path: Path) -> set[int]:
    blocks = list(reader.blocks(path, PRODUCTS, time_zone="UTC"))
    return {reject.line for block in blocks for reject in block.rejects}


def test_rejected_rows_are_kept_as_they_stood(tmp_path: Path, place: Path) -> None:
    path = products(tmp_path, 'p1,Beans,Coffee,1.5\np2,"Two\nlines",Coffee,free\np3,,Tea,2\np4,Milk,Dairy,3\n')
    assert quarantine.keep(path, PRODUCTS, rejected(path), place) == 2
    assert place.read_text() == (
        '"product_ref","name","category","price"\n"p2","Two\nlines","Coffee","free"\n"p3","","Tea","2"\n'
    )


def test_kept_rows_are_rejected_for_the_same_reasons(tmp_path: Path, place: Path) -> None:
    path = products(tmp_path, "p1,Beans,Coffee,free\np2,Tea,Tea,1\np3,Milk,Dairy,-\n")
    quarantine.keep(path, PRODUCTS, rejected(path), place)
    (block,) = reader.blocks(place, PRODUCTS, time_zone="UTC")
    assert [reject.value for reject in block.rejects] == ["free", "-"]
    assert not block.table.num_rows


def test_mended_rows_are_read(tmp_path: Path, place: Path) -> None:
    path = products(tmp_path, "p1,Beans,Coffee,free\np2,Tea,Tea,1\n")
    quarantine.keep(path, PRODUCTS, rejected(path), place)
    place.write_text(place.read_text().replace("free", "0.10"))
    (block,) = reader.blocks(place, PRODUCTS, time_zone="UTC")
    assert block.table["product_ref"].to_pylist() == ["p1"]


def test_rows_that_fit_no_table_are_left_out(tmp_path: Path, place: Path) -> None:
    path = products(tmp_path, "p1,Beans,Coffee,1,more\np2,Tea,Tea,free\n")
    assert quarantine.keep(path, PRODUCTS, {2, 3}, place) == 1


def test_without_a_row_to_keep_there_is_no_file(tmp_path: Path, place: Path) -> None:
    path = products(tmp_path, "p1,Beans,Coffee,1,more\n")
    assert quarantine.keep(path, PRODUCTS, {2}, place) == 0
    assert not place.exists()


def test_rows_of_a_parquet_file_are_kept_too(tmp_path: Path, place: Path) -> None:
    path = tmp_path / "members.parquet"
    pq.write_table(pa.table({"member_ref": ["m1", "m2", "m3"], "birth_year": [1980, 99999, None]}), path)
    assert quarantine.keep(path, MEMBERS, {2}, place) == 1
    assert place.read_text() == '"member_ref","birth_year"\n"m2","99999"\n'
