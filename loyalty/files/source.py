"""Opening a file by what it holds, not by its name: plain text, gzip or Parquet, in pieces of bounded size."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from loyalty.files.refusal import FileRefused

PIECE = 4 * 2**20
# A text of purchases shrinks 5 to 20 times; 100 is the limit that ASVS 5.2.3 gives for archives.
MOST_UNPACKED = 100
UNPACKED_FREELY = 16 * 2**20

Form = Literal["text", "gzip", "parquet"]

_UTF_16 = "is written in UTF-16, which cannot be read here: save it as UTF-8 (Excel: “CSV UTF-8”) and load it again"
_SPREADSHEET = "is a spreadsheet or a zip archive: save the sheet as “CSV UTF-8”, or unpack it, and load that"
_REFUSED_BEGINNINGS = {
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
    b"PK\x03\x04": _SPREADSHEET,
    b"PK\x05\x06": _SPREADSHEET,
    b"\xd0\xcf\x11\xe0": _SPREADSHEET,
    b"BZh": "is packed with bzip2: pack it with gzip, or not at all, and load it again",
    b"\xfd7zXZ": "is packed with xz: pack it with gzip, or not at all, and load it again",
    b"\x28\xb5\x2f\xfd": "is packed with zstd: pack it with gzip, or not at all, and load it again",
    b"%PDF": "is a PDF: save the table as “CSV UTF-8” and load that",
}


def form(path: Path) -> Form:
    """What the file is by its first bytes; refuses what is not text, gzip or Parquet."""
    try:
        with path.open("rb") as file:
            beginning = file.read(8)
    except OSError as error:
        raise FileRefused(f"The file {path} cannot be opened ({error.strerror}): check its name and place.") from None
    if beginning.startswith(b"PAR1"):
        return "parquet"
    if beginning.startswith(b"\x1f\x8b"):
        return "gzip"
    _refuse_by_beginning(beginning)
    return "text"


class Text:
    """The bytes of a text file, unpacked where they were packed; `position` and `size` are bytes on disk."""

    def __init__(self, raw: BinaryIO, *, size: int, packed: bool) -> None:
        self._raw, self._packed, self.size = raw, packed, size

    @property
    def position(self) -> int:
        return self._raw.tell()

    def pieces(self) -> Iterator[bytes]:
        """Pieces of at most `PIECE` bytes; refuses a damaged archive, and one that unpacks to far more than it is."""
        if not self._packed:
            yield from iter(lambda: self._raw.read(PIECE), b"")
            return
        unpacked = 0
        for piece in self._unpacked():
            if not unpacked:
                _refuse_packed_twice(piece)
            unpacked += len(piece)
            if unpacked > UNPACKED_FREELY and unpacked > MOST_UNPACKED * self.position:
                raise FileRefused(
                    f"The file unpacks to more than {MOST_UNPACKED} times its size, which no table of rows does: "
                    "check where it comes from, and load it unpacked if it is right."
                )
            yield piece

    def _unpacked(self) -> Iterator[bytes]:
        try:
            with gzip.GzipFile(fileobj=self._raw) as archive:
                yield from iter(lambda: archive.read(PIECE), b"")
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise FileRefused(
                "The gzip file is cut short or damaged, and nothing of it was loaded: copy it again and load it again."
            ) from None


@contextmanager
def opened(path: Path, *, packed: bool) -> Iterator[Text]:
    with path.open("rb") as raw:
        yield Text(raw, size=path.stat().st_size, packed=packed)


def _refuse_by_beginning(beginning: bytes) -> None:
    for first_bytes, what in _REFUSED_BEGINNINGS.items():
        if beginning.startswith(first_bytes):
            raise FileRefused(f"The file {what}.")


def _refuse_packed_twice(beginning: bytes) -> None:
    if beginning.startswith((b"\x1f\x8b", b"PAR1")):
        raise FileRefused("The gzip file holds another packed file: unpack it once and load what is inside.")
    _refuse_by_beginning(beginning)
