"""The corpus of hostile files: each is either refused in one sentence or loads its good rows and rejects the others."""

import gzip
import io
import zipfile

import pytest

from loyalty.files.refusal import FileRefused
from tests.loyalty.files.reading import PURCHASES, read

GOOD = "l1,b1,2026-03-02T10:00:00,1,9.99"
FILE = f"{PURCHASES}\n{GOOD}\n"


def _zip(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


REFUSED = {
    "an empty file": (b"", "empty"),
    "UTF-16 little endian": (FILE.encode("utf-16-le"), "UTF-8"),
    "UTF-16 big endian": (FILE.encode("utf-16-be"), "UTF-8"),
    "UTF-16 with its mark": (FILE.encode("utf-16"), "UTF-16"),
    "Windows-1252": (f"{PURCHASES}\n{GOOD}\nlé,b1,2026-03-02,1,1\n".encode("cp1252"), "Windows-1252"),
    "Shift-JIS": (f"{PURCHASES}\n注文,b1,2026-03-02,1,1\n".encode("shift-jis"), "UTF-8"),
    "semicolons": (FILE.replace(",", ";").encode(), "semicolons"),
    "tabs": (FILE.replace(",", "\t").encode(), "tabs"),
    "bars": (FILE.replace(",", "|").encode(), "bars"),
    "a duplicate header": (FILE.replace("basket_ref", "line_ref").encode(), "“line_ref” more than once"),
    "a missing column": (FILE.replace(",net_amount", ",discount_amount").encode(), "lacks the column “net_amount”"),
    "an extra column": (FILE.replace("net_amount", "net_amount,colour").encode(), "no column “colour”"),
    "10,000 columns": ((",".join(f"c{number}" for number in range(10_000)) + "\n").encode(), "10,000 columns"),
    "a line of 100 MB": (FILE.encode() + b"x" * 100 * 2**20, "Line 3 is longer"),
    "a zip": (_zip(a=b"1"), "zip archive"),
    "a zip whose names climb": (_zip(**{"../../etc/passwd": b"x"}), "zip archive"),
    "a zip in a zip": (_zip(a=_zip(b=b"x")), "zip archive"),
    "a spreadsheet": (_zip(**{"[Content_Types].xml": b"<x/>"}), "spreadsheet"),
    "a spreadsheet with entities": (_zip(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "&b;">]>'}), "spreadsheet"),
    "a packed bomb": (gzip.compress(bytes(200 * 2**20), 1), "NUL bytes"),
    "a packed bomb of rows": (gzip.compress(FILE.encode() + b"\n" * 40 * 2**20, 6), "100 times its size"),
    "a packed file cut short": (gzip.compress(FILE.encode())[:-9], "cut short"),
    "NUL bytes at the beginning": (b"\0\0\0\0\n" + FILE.encode(), "NUL bytes"),
    "no rows but names": (b"a,b,c\n1,2,3\n", "no columns “a”, “b”, “c”"),
}

REJECTED = {
    "NaN": "l2,b1,2026-03-02,NaN,1",
    "Infinity": "l2,b1,2026-03-02,1,-Infinity",
    "a number beyond floats": "l2,b1,2026-03-02,1e309,1",
    "English thousands": 'l2,b1,2026-03-02,1,"1,234.56"',
    "German thousands": 'l2,b1,2026-03-02,1,"1.234,56"',
    "five decimals": "l2,b1,2026-03-02,1,1.00001",
    "huge money": "l2,b1,2026-03-02,1,123456789012345",
    "29 February of no leap year": "l2,b1,2026-02-29,1,1",
    "an ambiguous date": "l2,b1,02/03/2026,1,1",
    "the year 9999": "l2,b1,9999-12-31,1,1",
    "a formula as a number": "l2,b1,2026-03-02,=cmd|'/c calc'!A0,1",
    "a NUL byte": "l\0,b1,2026-03-02,1,1",
    "an overlong reference": f"{'x' * 201},b1,2026-03-02,1,1",
    "too few cells": "l2,b1,2026-03-02,1",
    "too many cells": "l2,b1,2026-03-02,1,1,",
    "no reference": ",b1,2026-03-02,1,1",
    "a stray quote": 'l"2,b1,2026-03-02,1,1',
    "a quote that never closes": '"l2,b1,2026-03-02,1,1',
    "a lone return inside": "l2,b1\r,2026-03-02,1,1",
}

LOADED = {
    "a leading zero": ("00123", "1"),
    "19 digits": ("9223372036854775809", "1"),
    "a formula as a reference": ("=cmd|'/c calc'!A0", "1"),
    "an at sign": ("@SUM(1)", "1"),
    "another case": ("L1", "1"),
    "a blank at the end": ("l1 ", "1"),
    "a decomposed letter": ("e\u0301", "1"),
    "a Turkish i": ("ı", "1"),
    "an override of direction": ("\u202el1", "1"),
    "a zero-width space": ("l\u200b1", "1"),
    "an emoji": ("🎉👩‍👩‍👧", "1"),
    "minus zero": ("l2", "-0"),
    "negative money": ("l2", "-99999999999999.9999"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_sentence_that_says_what_to_do(file, name):
    content, words = REFUSED[name]
    with pytest.raises(FileRefused, match=words) as refused:
        read(file(content), "purchases")
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert ":" in sentence
    assert len(sentence) < 500


@pytest.mark.parametrize("name", REJECTED)
def test_its_row_is_rejected_with_a_reason_and_the_others_are_loaded(file, name):
    content = f"{FILE}{REJECTED[name]}\n{GOOD.replace('l1', 'l9')}\n"
    rows, rejects = read(file(content), "purchases")
    assert [row["line_ref"] for row in rows] == ["l1", "l9"]
    assert rejects[0].line == 3
    assert all(reject.reason for reject in rejects)


@pytest.mark.parametrize("name", LOADED)
def test_its_reference_is_kept_as_written(file, name):
    reference, amount = LOADED[name]
    rows, rejects = read(file(f"{FILE}{reference},b1,2026-03-02,1,{amount}\n"), "purchases")
    assert not rejects
    assert rows[1]["line_ref"] == reference


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(file, end):
    rows, rejects = read(file(FILE.replace("\n", end)), "purchases")
    assert (len(rows), rejects) == (1, [])


def test_line_ends_may_be_mixed(file):
    rows, _ = read(file(f"{PURCHASES}\r\n{GOOD}\r{GOOD}\n{GOOD}\r\n\n{GOOD}"), "purchases")
    assert [row["line"] for row in rows] == [2, 3, 4, 6]


def test_a_byte_order_mark_is_skipped(file):
    assert len(read(file(b"\xef\xbb\xbf" + FILE.encode()), "purchases")[0]) == 1


def test_a_key_twice_in_one_file_is_left_to_the_loading(file):
    assert len(read(file(FILE + GOOD + "\n"), "purchases")[0]) == 2


@pytest.mark.parametrize(
    "stray",
    [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", "é".encode("cp1252"), "注".encode("shift-jis"), b"\xf8\x88\x80\x80"],
)
def test_bytes_that_are_not_utf_8_cost_their_row_only(file, stray):
    rows = b"".join(f"g{number},{GOOD[3:]}\n".encode() for number in range(200))
    found, rejects = read(file(FILE.encode() + stray + b",b1,2026-03-02,1,1\n" + rows), "purchases")
    assert (len(found), [(reject.line, reject.reason) for reject in rejects]) == (201, [(3, "is not written in UTF-8")])


def test_a_line_end_within_quotes_is_kept(file):
    rows, _ = read(file(f'{FILE}"l\r\n2",b1,2026-03-02,1,1\n'), "purchases")
    assert [(row["line"], row["line_ref"]) for row in rows] == [(2, "l1"), (3, "l\r\n2")]


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"])
def test_a_formula_is_kept_as_it_stands(file, formula):
    rows, _ = read(file(f'{FILE}"{formula}",b1,2026-03-02,1,1\n'), "purchases")
    assert rows[1]["line_ref"] == formula


def test_names_alone_are_a_file_without_rows(file):
    assert read(file(f"{PURCHASES}\n"), "purchases") == ([], [])
