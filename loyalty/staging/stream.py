"""A file's blocks with their rows as COPY takes them: read and written on a few threads, beside the copying."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from loyalty.files import reader
from loyalty.files.ahead import in_order
from loyalty.files.blocks import Block
from loyalty.files.kinds import Kind
from loyalty.files.refusal import Reject
from loyalty.files.rejects import RejectsFile
from loyalty.staging import binary
from loyalty.staging.binary import Piece
from loyalty.staging.quality import Inspection

WRITERS = 2


class Progress(NamedTuple):
    """How far a load is: bytes read of the file's, rows read, seconds since it began, and what is being done."""

    done: int
    total: int
    rows: int
    seconds: float
    doing: str

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / max(self.seconds, 1e-6)

    @property
    def seconds_left(self) -> float | None:
        """Until the file is read."""
        return self.seconds * (self.total - self.done) / self.done if self.done else None


Report = Callable[[Progress], None]


class Written(NamedTuple):
    block: Block
    pieces: list[Piece]


class Stream:
    """A file on its way, whose rejects go into `rejected` and whose progress is told; `rows` were read so far.

    The `inspection` sees every block as it was read.
    """

    def __init__(
        self, path: Path, kind: Kind, *, rejected: RejectsFile, report: Report, inspection: Inspection
    ) -> None:
        self._path, self._kind, self._rejected, self._report = path, kind, rejected, report
        self.inspection, self.rows = inspection, 0

    def written(self, changed: Callable[[Block], Block] = lambda block: block) -> Iterator[Written]:
        """Each block as it was read and then `changed`; Raises FileRefused for a file that cannot be read."""
        started, size = time.monotonic(), self._path.stat().st_size if self._path.exists() else 0
        for written in in_order(self._jobs(changed), threads=WRITERS):
            block = written.block
            self._rejected.add(block.rejects)
            self.rows += len(block)
            yield written
            self._report(Progress(block.done, block.size, self.rows, time.monotonic() - started, "reading"))
        self._report(Progress(size, size, self.rows, time.monotonic() - started, "writing"))

    def _jobs(self, changed: Callable[[Block], Block]) -> Iterator[Callable[[], Written]]:
        for block in reader.blocks(self._path, self._kind, time_zone=settings.TIME_ZONE):
            self.inspection.see(block)
            result = changed(block)
            self.inspection.reject(_rows_of(result.rejects, block))
            yield partial(_written, result)


def _rows_of(rejects: list[Reject], block: Block) -> pa.Table:
    """The rows of a block as it was read that were rejected afterwards."""
    lines = pa.array([reject.line for reject in rejects], pa.int64())
    return block.table.filter(pc.is_in(block.table["line"], lines)) if rejects else block.table.slice(0, 0)


def _written(block: Block) -> Written:
    return Written(block, list(binary.pieces(block.table)))
