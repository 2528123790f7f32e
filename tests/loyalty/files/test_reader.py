import csv
import gzip
import io

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loyalty.files import reader, source
from loyalty.files.kinds import PURCHASES as KIND
from loyalty.files.refusal import FileRefused
from tests.loyalty.files.reading import BERLIN, PURCHASES, read, read_bytes, slow_read

HEADER = f"{PURCHASES},member_ref,channel"
GOOD = ["l1", "b1", "2026-03-02T10:00:00", "1", "9.99", "m1", "store"]
CELLS = st.sampled_from(
    [
        "", " ", "x", "1", "-1.5", "1,5", "1,234.56", "NaN", "1e309", "0.12345", " 2 ", "00123", "1234567890123456789",
        "2026-03-02", "2026-03-02T10:00:00Z", "02/03/2026", "9999-12-31", "2026-03-29 02:30", "2025-02-29", "a\nb",
        'say "x"', "=1+1", "@x", "\u202e", "é", "🎉", "store", "Store", "a\0b", "\r\n", "٣", "20260302",
    ]
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 6), CELLS), max_size=2),
        st.sampled_from([0, 0, 0, 0, -1, 1]),
    ),
    max_size=12,
)
STYLE = st.tuples(st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))


def examples(count):
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def written(rows, style) -> str:
    end, quoting = style
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=quoting)
    writer.writerow(HEADER.split(","))
    for changes, surplus in rows:
        cells = list(GOOD)
        for position, cell in changes:
            cells[position] = cell
        writer.writerow(cells[:-1] if surplus < 0 else cells + ["x"] * surplus)
    return text.getvalue()


@given(ROWS, STYLE)
@example([([(0, "")], 0), ([(0, "a\nb")], 0), ([(4, "NaN")], 1)], ("\r\n", csv.QUOTE_ALL))
@examples(300)
def test_it_agrees_with_a_slow_obvious_reader_line_by_line(rows, style):
    content = written(rows, style)
    good, rejected = read_bytes(content.encode(), "purchases")
    assert (good, rejected) == slow_read(content, "purchases")


@given(ROWS, STYLE)
@examples(100)
def test_rows_read_are_good_rows_and_rejected_rows(rows, style):
    good, rejected = read_bytes(written(rows, style).encode(), "purchases")
    assert len(good) + len(rejected) == len(rows)
    assert not set(good) & set(rejected)


@given(st.binary(max_size=80) | st.text(alphabet='l1,"\n\r.-: ', max_size=80).map(str.encode), st.booleans())
@examples(500)
@example(content=b"\xef\xbb\xbf", has_header=True)
def test_no_bytes_whatever_are_an_error_of_the_program(content, has_header):
    head = f"{HEADER}\n".encode() if has_header else b""
    try:
        good, rejected = read_bytes(head + content, "purchases")
    except FileRefused:
        return
    assert sorted(good + rejected) == sorted(set(good + rejected))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6))
@examples(200)
def test_damage_to_any_bytes_loses_no_row_silently(damage):
    content = bytearray((HEADER + "\n" + (",".join(GOOD) + "\n") * 8).encode())
    lines = content.count(b"\n") + content.count(b"\r")
    for position, byte in damage:
        content[position % len(content)] = byte
    try:
        good, rejected = read_bytes(bytes(content), "purchases")
    except FileRefused:
        return
    assert len(good) + len(rejected) >= 8 - 2 * len(damage)
    assert max(good + rejected, default=0) <= lines + len(damage) + 1


def test_a_packed_file_gives_the_same_rows(file):
    content = f"{PURCHASES}\nl1,b1,2026-03-02,1,1\nl2,b1,x,1,1\n".encode()
    assert read(file(gzip.compress(content)), "purchases") == read(file(content), "purchases")


def test_a_long_file_gives_the_same_rows_in_small_pieces(file, monkeypatch):
    rows = "".join(f'l{number},"b\n{number % 7}",2026-03-02,{number % 5 or "x"},1\r\n' for number in range(300))
    path = file(f"{PURCHASES}\r\n{rows}")
    whole = read(path, "purchases")
    monkeypatch.setattr(source, "PIECE", 256)
    assert read(path, "purchases") == whole
    assert (len(whole[0]), len(whole[1])) == (240, 60)


def test_the_rows_before_a_refusal_are_not_all_that_is_told(file, monkeypatch):
    monkeypatch.setattr(source, "PIECE", 256)
    packed = gzip.compress(b"store_ref,name\n" + b"".join(b"%d,A\n" % number for number in range(5000)))
    with pytest.raises(FileRefused, match="cut short"):
        read(file(packed[:-100]), "stores")


def most_held(path, *, keeps=False) -> int:
    """Bytes that blocks held at the most while a file was read."""
    before, most, kept = pa.total_allocated_bytes(), 0, []
    for block in reader.blocks(path, KIND, time_zone=BERLIN):
        kept += [block] * keeps
        most = max(most, pa.total_allocated_bytes() - before)
    return most


@pytest.fixture
def few_and_many(file, monkeypatch):
    """Reads a file and one four times as long, and tells the bytes held for each."""
    monkeypatch.setattr(source, "PIECE", 2**16)
    rows = "".join(f"l{number},b1,2026-03-02,1,1\n" for number in range(50_000))
    return lambda **how: [most_held(file(f"{PURCHASES}\n{rows * times}"), **how) for times in (1, 4)]


def test_memory_does_not_grow_with_the_file(few_and_many):
    few, many = few_and_many()
    # The machine decides how many of the five blocks under way are done; the files differ by a factor of four.
    assert many < 2 * few


def test_blocks_that_are_kept_would_be_noticed(few_and_many):
    few, many = few_and_many(keeps=True)
    assert many > 2 * few
