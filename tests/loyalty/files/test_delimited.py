import pytest

from loyalty.files import delimited
from loyalty.files.kinds import STORES
from loyalty.files.refusal import FileRefused
from loyalty.files.source import opened
from tests.loyalty.files.reading import read


def blocks(path, kind=STORES):
    with opened(path, packed=False) as source:
        return [reading() for reading in delimited.readings(source, kind)]


def test_an_empty_cell_is_unknown_whether_quoted_or_not(file):
    (block,) = blocks(file('store_ref,name,region\n1,A,\n2,B,""\n'))
    assert block.cells["region"].to_pylist() == [None, None]


def test_a_row_of_one_quoted_empty_cell_is_a_row(file):
    rows, rejects = read(file('member_ref\n1\n""\n\n2\n'), "members")
    assert [row["member_ref"] for row in rows] == ["1", "2"]
    assert [(reject.line, reject.column) for reject in rejects] == [(3, "member_ref")]


def test_rows_with_too_many_or_too_few_cells_are_left_out_by_line(file):
    (block,) = blocks(file('store_ref,name\n1,A\n2\n\n"3\n",C\n4,D,x\n5,E\n'))
    assert block.lines.tolist() == [2, 5, 8]
    assert [(reject.line, reject.value) for reject in block.rejects] == [(3, "2"), (7, "4,D,x")]
    assert block.rejects[1].reason == "has 3 cells where the first line names 2 columns"


def test_a_header_alone_is_a_file_without_rows(file):
    assert blocks(file("store_ref,name\n")) == []
    assert blocks(file("store_ref,name")) == []


def test_a_block_of_rejects_alone_is_still_a_block(file):
    (block,) = blocks(file('store_ref,name\n"1,A\n'))
    assert (block.cells.num_rows, len(block.rejects)) == (0, 1)


def test_a_file_in_windows_1252_is_refused(file):
    names = "".join(f"{number},Café {number}\n" for number in range(20))
    with pytest.raises(FileRefused, match="first such line is 2; Windows-1252"):
        blocks(file(f"store_ref,name\n{names}".encode("cp1252")))


def test_a_few_bytes_gone_astray_cost_their_rows_only(file):
    rows = b"".join(b"%d,A\n" % number for number in range(1000))
    (block,) = blocks(file(b"store_ref,name\n" + rows + b"x,Caf\xe9\n"))
    assert (len(block.lines), [reject.line for reject in block.rejects]) == (1000, [1002])


def test_progress_is_told_in_bytes_of_the_file(file):
    path = file("store_ref,name\n1,A\n")
    (block,) = blocks(path)
    assert (block.done, block.size) == (path.stat().st_size, path.stat().st_size)
