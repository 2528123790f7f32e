import gzip
from pathlib import Path

import pytest

from loyalty.files import source
from loyalty.files.refusal import FileRefused


def unpacked(path: Path) -> bytes:
    with source.opened(path, packed=True) as text:
        return b"".join(text.pieces())


@pytest.mark.parametrize(
    ("beginning", "form"), [(b"a,b\n", "text"), (b"", "text"), (b"\x1f\x8b\x08", "gzip"), (b"PAR1\x15", "parquet")]
)
def test_a_file_is_what_it_begins_with_whatever_its_name(file, beginning, form):
    assert source.form(file(beginning)) == form


@pytest.mark.parametrize(
    ("beginning", "words"),
    [
        (b"\xff\xfea\0", "UTF-16"),
        (b"\xfe\xff\0a", "UTF-16"),
        (b"PK\x03\x04xl", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1", "spreadsheet"),
        (b"BZh91AY", "bzip2"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(file, beginning, words):
    with pytest.raises(FileRefused, match=words):
        source.form(file(beginning))


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(FileRefused, match=r"none\.csv"):
        source.form(tmp_path / "none.csv")


def test_an_archive_of_several_members_is_read_as_one(file):
    assert unpacked(file(gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"))) == b"a,b\n1,2\n"


@pytest.mark.parametrize("harm", [lambda data: data[:-5], lambda data: data[:30] + b"\xff" * 8 + data[38:]])
def test_a_damaged_archive_is_refused(file, harm):
    whole = gzip.compress(bytes(range(256)) * 100)
    with pytest.raises(FileRefused, match="cut short or damaged"):
        unpacked(file(harm(whole)))


def test_a_bomb_is_refused_before_it_is_unpacked(file, monkeypatch):
    monkeypatch.setattr(source, "UNPACKED_FREELY", 2 * source.PIECE)
    with source.opened(file(gzip.compress(b"\n" * 20 * source.PIECE)), packed=True) as text:
        pieces = text.pieces()
        assert len(next(pieces) + next(pieces)) == 2 * source.PIECE
        with pytest.raises(FileRefused, match="100 times its size"):
            next(pieces)


def test_a_small_archive_may_shrink_a_lot(file):
    assert len(unpacked(file(gzip.compress(b"a\n" * 10**6)))) == 2 * 10**6


def test_an_archive_in_an_archive_is_refused(file):
    with pytest.raises(FileRefused, match="unpack it once"):
        unpacked(file(gzip.compress(gzip.compress(b"a,b\n"))))


def test_a_spreadsheet_in_an_archive_is_refused(file):
    with pytest.raises(FileRefused, match="spreadsheet"):
        unpacked(file(gzip.compress(b"PK\x03\x04")))


def test_position_ends_at_the_size_on_disk(file):
    with source.opened(file(gzip.compress(b"a,b\n")), packed=True) as text:
        list(text.pieces())
        assert text.position == text.size
