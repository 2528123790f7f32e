import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loyalty.files import mending, records
from loyalty.files.refusal import FileRefused

ANYTHING = st.text(alphabet='a,"\n\r1', max_size=60).map(str.encode)
TIDY_CELL = st.text(alphabet="ab1", max_size=4) | st.text(alphabet='a,"\r\n', max_size=6).map(
    lambda text: '"' + text.replace('"', '""') + '"'
)
TIDY_FILE = st.lists(
    st.tuples(st.lists(TIDY_CELL, min_size=2, max_size=3), st.sampled_from(["\n", "\r\n", "\r"])), max_size=12
).map(lambda rows: "".join(",".join(cells) + end for cells, end in rows).encode())


def cut(content: bytes, *, piece: int = 1000):
    pieces = [content[start : start + piece] for start in range(0, len(content), piece)]
    found = [each.in_detail() for each in records.cut(iter(pieces), line=1)]
    lines = np.concatenate([each.lines for each in found]).tolist() if found else []
    return b"".join(each.content for each in found), lines, [reject for each in found for reject in each.rejects]


def test_each_row_knows_its_line():
    assert cut(b"a,b\nc,d\ne,f")[1] == [1, 2, 3]


def test_a_newline_in_quotes_counts_as_a_line_and_ends_no_row():
    assert cut(b'a,"b\n\r\nc"\nd,e\n')[1] == [1, 4]


def test_blank_lines_are_no_rows_but_count_as_lines():
    assert cut(b"\na,b\r\n\r\n\r\rc,d\n")[1] == [2, 6]


def test_a_forgotten_quote_costs_one_line():
    _, lines, rejects = cut(b'a,b\n"c,d\ne,f\n"g",h\n')
    assert lines == [1, 3, 4]
    assert [(reject.line, reject.value) for reject in rejects] == [(2, '"c,d')]


def test_a_quote_inside_a_value_costs_its_row():
    _, lines, rejects = cut(b'a,b\n5" pipe,1\nc,d\n')
    assert lines == [1, 3]
    assert "out of place" in rejects[0].reason


def test_a_quote_open_at_the_end_costs_its_line_only():
    assert cut(b'a,b\n"c,d\ne,f')[1] == [1, 3]


def test_bytes_that_are_not_utf_8_cost_their_row():
    _, lines, rejects = cut("a,b\nCafé,d\ne,é\n".encode().replace(b"Caf\xc3\xa9", b"Caf\xe9"))
    assert lines == [1, 3]
    assert [(reject.line, reject.reason) for reject in rejects] == [(2, mending.NOT_UTF_8)]


@pytest.mark.parametrize("overlong", [b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80"])
def test_overlong_and_stray_bytes_are_not_utf_8(overlong):
    assert len(cut(b"a,b\n" + overlong + b",d\n")[2]) == 1


def test_a_line_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(records, "LONGEST_ROW", 100)
    with pytest.raises(FileRefused, match="Line 2 is longer"):
        cut(b"a,b\n" + b"x" * 5000)


def test_an_endless_quote_costs_one_line(monkeypatch):
    monkeypatch.setattr(records, "LONGEST_ROW", 100)
    monkeypatch.setattr(mending, "LONGEST_ROW", 100)
    _, lines, rejects = cut(b'a,b\n"c,d\n' + b"e,f\n" * 1000, piece=64)
    assert [reject.line for reject in rejects] == [2]
    assert lines == [1, *range(3, 1003)]


@given(ANYTHING, st.integers(1, 70))
@example(b'a"\r\n"', 3)
@settings(max_examples=600, deadline=None)
def test_rows_do_not_depend_on_where_pieces_end(content, piece):
    assert cut(content, piece=piece)[1:] == cut(content, piece=len(content) + 1)[1:]


@given(ANYTHING)
@settings(max_examples=600, deadline=None)
def test_every_line_is_in_one_row_or_in_one_reject(content):
    kept, _, rejects = cut(content)
    left_out = sum(len(re.sub(r"[\r\n]", "", reject.value)) for reject in rejects)
    assert len(re.sub(rb"[\r\n]", b"", kept)) + left_out == len(re.sub(rb"[\r\n]", b"", content))


@given(TIDY_FILE)
@settings(max_examples=300, deadline=None)
def test_array_arithmetic_and_row_by_row_give_the_same(content):
    fast = cut(content)
    slow = mending.mend(content + b"\n", 1, is_last=True)
    assert not slow.rejects
    assert fast[1] == slow.lines.tolist()
    assert not fast[2]
