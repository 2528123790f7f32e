import csv

import pytest

from loyalty.files import rejects
from loyalty.files.refusal import Reject


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_rejects_file_has_line_column_value_and_reason(tmp_path):
    path = tmp_path / "new" / "rejects.csv"
    with rejects.written(path) as file:
        file.add([Reject(3, "net_amount", "1,5", "has a decimal comma")])
    assert rows(path) == [["line", "column", "value", "reason"], ["3", "net_amount", "1,5", "has a decimal comma"]]
    assert file.count == 1


def test_nobody_else_on_the_machine_may_read_it(tmp_path):
    with rejects.written(tmp_path / "rejects.csv") as file:
        file.add([Reject(1, "email", "i@x", "")])
    assert (tmp_path / "rejects.csv").stat().st_mode & 0o077 == 0


def test_an_empty_rejects_file_is_gone_again(tmp_path):
    with rejects.written(tmp_path / "rejects.csv"):
        pass
    assert not list(tmp_path.iterdir())


def test_values_survive_the_quoting(tmp_path):
    value = 'a"b\r\nc,d\u202e'
    with rejects.written(tmp_path / "rejects.csv") as file:
        file.add([Reject(1, "", value, "")])
    assert rows(tmp_path / "rejects.csv")[1][2] == value


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
def test_no_cell_begins_a_formula(beginning):
    assert rejects.without_formula(f"{beginning}cmd|'/c calc'!A0")[0] == "'"


def test_an_apostrophe_before_a_formula_is_told_from_one_that_was_put_there():
    assert rejects.without_formula("'=1") == "''=1"


def test_the_reason_of_each_row_is_found_in_whatever_order_they_were_written(tmp_path):
    path = tmp_path / "rejects.csv"
    with rejects.written(path) as file:
        file.add([Reject(9, "b", "", "is late"), Reject(3, "a", "", "is empty"), Reject(5, "b", "", "is late")])
    found = rejects.reasons(path)
    assert found.lines.tolist() == [3, 5, 9]
    assert [found.of(line) for line in (3, 5, 9, 4, 10)] == [
        ("a", "is empty"), ("b", "is late"), ("b", "is late"), ("", ""), ("", ""),
    ]  # fmt: skip


def test_the_reasons_of_most_rows_come_first_and_only_so_many(tmp_path):
    path = tmp_path / "rejects.csv"
    reasons = {"is late": 3, "is empty": 1, "is wrong": 2}
    with rejects.written(path) as file:
        file.add(Reject(line, "a", "", reason) for reason, rows in reasons.items() for line in range(rows))
    assert rejects.reasons(path).most_frequent(2) == [("a", "is late", 3), ("a", "is wrong", 2)]


def test_other_cells_are_left_as_they_are():
    assert [rejects.without_formula(cell) for cell in ("a=b", "", "12")] == ["a=b", "", "12"]


def test_rows_of_a_first_attempt_can_be_forgotten(tmp_path):
    with rejects.written(tmp_path / "rejects.csv") as file:
        file.add([Reject(2, "name", "a long value", "is wrong"), Reject(3, "name", "", "is wrong")])
        file.begin_again()
        file.add([Reject(2, "name", "x", "is wrong")])
    assert file.count == 1
    assert (tmp_path / "rejects.csv").read_text().splitlines() == ["line,column,value,reason", "2,name,x,is wrong"]
