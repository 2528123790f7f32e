"""Compiled loops against the way of all other blocks: values, types, rejects, reasons and lines must be the same."""

import io
import string
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.files import delimited, returned
from loyalty.files.blocks import Block
from loyalty.files.compiled.plain import plain_block
from loyalty.files.conversion import convert
from loyalty.files.delimited import Part
from loyalty.files.kinds import KINDS
from loyalty.files.source import Text
from tests.hostile import CELL_FAULTS
from tests.loyalty.files.reading import BERLIN

NEEDS_QUOTES = set(',"\r\n\0')
NUMBERS = (
    "0", "-0", "-", "", ".", "-.5", ".5", "5.", "-5.", "1.2.3", "1..2", "--1", "+1", "00.10", "0.0001", "0.00001",
    "0.00010", "1234567.8", "12345678", "-12345678", "123456.78", "99999999", "123456789", "-1234567.8901",
    "99999999999999.9999", "-99999999999999.9999", "100000000000000", "100000000000000.0", "000000000000001",
    "0000000000000000000000001", "1e3", "1E-5", " 1", "1 ", "1/2", "1:2", "1-", "1;", "é", "1é", "\u0663",
)  # fmt: skip
MOMENTS = (
    "2026-03-02", "2026-03-02T10:00:00", "2026-03-02 10:00:00", "2026-03-02T10:00:00Z", "2026-03-02t10:00:00",
    "2026-03-02T10:00:00z", "2026-03-02T10:00", "2026-03-02T10:00:00.5", "2026-03-02T10:00:00+01:00", "2024-02-29",
    "2026-02-29", "1900-02-29", "2000-02-29T00:00:00", "2099-12-31T23:59:59", "2100-01-01", "1899-12-31", "1900-01-01",
    "1969-12-31T23:59:59", "2026-00-10", "2026-13-01", "2026-04-31", "2026-03-00", "2026-03-29T02:30:00",
    "2026-10-25T02:30:00", "2026-03-02T24:00:00", "2026-03-02T10:60:00", "2026-03-02T10:00:60", "2026-03-02T10:00:0a",
    "2026-03-02_10:00:00", "2026/03/02", "20260302T10:00:00", "0000-00-00", "2026-03-0212345678",
    "2099-12-31T23:59:59Z",
)  # fmt: skip
TEXTS = (
    "a", "~", "!", " a", "a ", "\x7f", "a\x7f", "\u00a0", "\u2028x", "é", "e\u0301", "x" * 200, "x" * 201,
    "é" * 200, "é" * 201, "x" * 10_000, "x" * 10_001, "12345678", "123456789", "1234567890123456", "12345678901234567",
)  # fmt: skip
WORDS = ("store", "online", "app", "phone", "Store", "storefront", "personalisation", "marketing", "email", "true", "1")
# What is wrong with a moment beyond the last year of all depends, without any compiled loop, on the cells beside it.
BEYOND_YEARS = "9999-12-31T23:59:59-14:00"
AS_WRITTEN = tuple(cell for cell in CELL_FAULTS if not NEEDS_QUOTES & set(cell) and cell != BEYOND_YEARS)
CELLS = st.sampled_from(NUMBERS + MOMENTS + TEXTS + WORDS + AS_WRITTEN) | st.text(
    string.digits + ".-+: TZ", max_size=21
)
GOOD = {
    "reference": "r1", "text": "A text", "word": "view", "category": "Grocery > Coffee", "list": "alcohol",
    "attribute": "x", "flag": "true", "integer": "2000", "number": "0.5", "quantity": "2", "money": "-19.99",
    "date": "2026-03-02", "time": "2026-03-02T10:00:00",
}  # fmt: skip


@st.composite
def files(draw):
    """A kind and the bytes of a file of it, plain but for what stands in some of its cells."""
    kind = KINDS[draw(st.sampled_from(["purchases", "members", "consents", "products", "events", "stores"]))]
    columns = [*kind.columns, *[kind.column("attr_size")] * kind.has_attributes]
    rows = [
        [column.choices[0] if column.choices else GOOD[column.type] for column in columns]
        for _ in range(draw(st.integers(1, 60)))
    ]
    for row, place, cell in draw(st.lists(st.tuples(st.integers(0, 59), st.integers(0, 20), CELLS), max_size=25)):
        rows[row % len(rows)][place % len(columns)] = cell
    end = draw(st.sampled_from(["\n", "\r\n"]))
    names = ",".join(column.name for column in columns)
    return kind, end.join([names, *map(",".join, rows), ""]).encode()


def part(content, kind) -> Part:
    (found,) = delimited.parts(Text(io.BytesIO(content), size=len(content), packed=False), kind)
    return found


def carefully(found: Part) -> Block:
    return convert(returned.own(found.text()), time_zone=BERLIN)


def same(one: Block, other: Block) -> bool:
    for block in one, other:
        block.table.validate(full=True)
    return (
        one.table.equals(other.table)
        and one.table.schema.equals(other.table.schema)
        and (one.rejects, one.unread, one.done, one.size) == (other.rejects, other.unread, other.done, other.size)
        and (
            one.left_out == other.left_out
            if None in (one.left_out, other.left_out)
            else one.left_out.equals(other.left_out)
        )
    )


def thoroughly(count):
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


@given(files())
@thoroughly(500)
def test_a_plain_block_is_read_as_any_other(drawn):
    kind, content = drawn
    found = part(content, kind)
    block = plain_block(found)
    assert block is not None
    assert same(convert(block, time_zone=BERLIN), carefully(found))


@pytest.mark.parametrize("cell", [*NUMBERS, *MOMENTS, *TEXTS, *WORDS, *AS_WRITTEN])
def test_each_odd_cell_in_each_column_is_read_as_in_any_other_block(cell):
    kind = KINDS["purchases"]
    good = [column.choices[0] if column.choices else GOOD[column.type] for column in kind.columns]
    rows = [[cell if place == at else usual for place, usual in enumerate(good)] for at in range(len(good))]
    content = "\n".join(
        [",".join(column.name for column in kind.columns), *map(",".join, [good, *rows, good]), ""]
    ).encode()
    found = part(content, kind)
    assert same(convert(plain_block(found), time_zone=BERLIN), carefully(found))


def test_a_loop_that_is_too_sure_would_be_noticed(monkeypatch):
    found = part(b"store_ref,name\n1,A\n2,\xc2\xa0B\n", KINDS["stores"])
    block = plain_block(found)
    assert same(convert(block, time_zone=BERLIN), carefully(found))
    block.found.counts[:, 1] = 0
    assert not same(convert(block, time_zone=BERLIN), carefully(found))


def test_a_wrong_value_would_be_noticed():
    found = part(b"line_ref,basket_ref,purchased_at,quantity,net_amount\nl,b,2026-03-02,1,9.99\n", KINDS["purchases"])
    block = plain_block(found)
    assert same(convert(block, time_zone=BERLIN), carefully(found))
    block.found.halves[1, 0, 0] += 1
    assert not same(convert(block, time_zone=BERLIN), carefully(found))


NOT_PLAIN = {
    "quotes": b'1,"A"\n',
    "a cell too many": b"1,A,x\n",
    "a cell too few": b"1\n",
    "one too many and one too few": b"1,A,x\n2\n",
    "an empty line": b"1,A\n\n2,B\n",
    "a NUL byte": b"1,A\0\n",
    "bytes that are not UTF-8": b"1,A\n" * 200 + b"1,\xe9\n",
    "a return alone": b"1,A\r2,B\n",
    "line ends of two kinds": b"1,A\n2,B\r\n",
    "an unfinished row": b"1,A",
}


@pytest.mark.parametrize("rows", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_what_is_not_plain_is_left_to_the_other_way(rows):
    assert plain_block(part(b"store_ref,name\n" + rows, KINDS["stores"])) is None


def test_an_empty_line_in_a_file_of_one_column_is_no_row():
    assert plain_block(part(b"member_ref\n1\n\n2\n", KINDS["members"])) is None


def test_rejected_rows_that_come_back_are_not_plain():
    assert plain_block(part(b"store_ref,name,reject_line\n1,A,2\n", KINDS["stores"])) is None


@pytest.mark.parametrize("size", range(60, 200))
def test_borders_are_found_wherever_a_block_ends(size):
    content = b"store_ref,name\n" + b"1,%s\n" % (b"x" * (size % 7)) * 30 + b"2,%s\n" % (b"y" * size)
    found = part(content, KINDS["stores"])
    block = plain_block(found)
    borders = [at for at, byte in enumerate(found.cut.content) if byte in b",\n"]
    assert block.borders.tolist() == [-1, *borders]


def test_more_cells_than_there_is_room_for_are_noticed():
    found = part(b"store_ref,name\n" + b"1,A\n" * 500, KINDS["stores"])
    crowded = replace(found, cut=replace(found.cut, content=b"," * 2000 + b"\n", lines=1))
    assert plain_block(crowded) is None


def test_what_is_kept_of_a_block_does_not_change_with_the_next():
    first, second = (
        convert(plain_block(part(b"member_ref\n" + row + b"\n", KINDS["members"])), time_zone=BERLIN)
        for row in (b"m1", b"m2")
    )
    assert [block.table["member_ref"].to_pylist() for block in (first, second)] == [["m1"], ["m2"]]


def test_the_loops_write_nothing_beyond_the_room_they_have():
    found = part(b"store_ref,name\n" + b"1,A\n" * 500, KINDS["stores"])
    block = plain_block(found)
    assert int(block.found.begins[-1]) <= len(block.content)
    assert np.array_equal(block.lines, np.arange(2, 502))
