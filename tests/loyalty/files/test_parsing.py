import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.files.cells import read_integer
from loyalty.files.parsing import Parser, parse, parse_distinct

INTEGERS = Parser(lambda texts: texts.cast(pa.int64()), read_integer, lambda values: pa.array(values, pa.int64()))
TEXTS = st.lists(st.sampled_from(["1", "23", None, "x", " 4", "5.0", "5.5"]), max_size=300)


def test_only_the_cells_at_fault_are_left_out():
    texts = [str(number) for number in range(1000)]
    texts[3] = texts[777] = "oops"
    values, faults = parse(pa.array(texts), INTEGERS)
    assert faults == {3: "is not a number", 777: "is not a number"}
    assert [row for row, value in enumerate(values.to_pylist()) if value != row] == [3, 777]


@given(TEXTS)
@settings(deadline=None)
def test_whole_columns_and_distinct_texts_give_the_same(texts):
    column = pa.array(texts, pa.string())
    together = parse(column, INTEGERS)
    distinct = parse_distinct(column, read_integer, pa.int64())
    assert together.values.equals(distinct.values)
    assert together.faults == distinct.faults


def test_few_cells_are_read_alone_when_few_are_at_fault():
    read = []

    def alone(cell):
        read.append(cell)
        return read_integer(cell)

    texts = ["1"] * 10_000 + ["x"]
    parse(pa.array(texts), Parser(INTEGERS.together, alone, INTEGERS.joined))
    assert len(read) <= 32


def test_an_error_that_is_no_fault_of_a_cell_is_not_swallowed():
    def alone(cell):
        raise KeyError(cell)

    with pytest.raises(KeyError):
        parse(pa.array(["x"]), Parser(INTEGERS.together, alone, INTEGERS.joined))
