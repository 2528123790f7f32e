"""Reads a file that a retailer brings (CSV, packed or not, or Parquet) in typed blocks, in memory of a fixed size."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from loyalty.files import delimited, parquet, returned
from loyalty.files.ahead import in_order
from loyalty.files.blocks import Block, Reading, Rows, TextBlock
from loyalty.files.conversion import convert
from loyalty.files.kinds import Kind
from loyalty.files.source import form, opened

THREADS = 3
# In bytes: what is smaller is read before compiled loops are ready.
LARGE = 32 * 2**20


def blocks(path: Path, kind: Kind, *, time_zone: str) -> Iterator[Block]:
    """The file's rows in order; times that state no zone are of `time_zone` (an IANA name).

    Rows of all blocks = good rows + rejects. Raises FileRefused, at any block, for a file that cannot be read.
    """
    jobs = (partial(_typed, rows, time_zone) for rows in _rows(path, kind))
    yield from in_order(jobs, threads=THREADS)


def readings(path: Path, kind: Kind) -> Iterator[Reading]:
    """The file's rows as they are written, each block still to be read."""
    return (partial(_own, reading) for reading in _readings(path, kind))


def _rows(path: Path, kind: Kind) -> Iterator[Callable[[], Rows]]:
    """The file's rows, to be read by compiled loops where there are enough of them."""
    what = form(path)
    if what == "parquet" or path.stat().st_size < LARGE:
        yield from readings(path, kind)
        return
    from loyalty.files.compiled import plain

    with opened(path, packed=what == "gzip") as source:
        for part in delimited.parts(source, kind):
            yield partial(_plain_or_own, part, plain.plain_block)


def _plain_or_own(part: delimited.Part, plain: Callable[[delimited.Part], Rows | None]) -> Rows:
    return plain(part) or _own(part.text)


def _readings(path: Path, kind: Kind) -> Iterator[Reading]:
    what = form(path)
    if what == "parquet":
        yield from parquet.readings(path, kind)
        return
    with opened(path, packed=what == "gzip") as source:
        yield from delimited.readings(source, kind)


def _own(reading: Reading) -> TextBlock:
    return returned.own(reading())


def _typed(rows: Callable[[], Rows], time_zone: str) -> Block:
    return convert(rows(), time_zone=time_zone)
