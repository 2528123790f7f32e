"""Two ways to read a file of purchases. Without Django: memory is measured in a process that knows nothing of it."""

import csv
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc

from loyalty.files import kinds, reader


def rows_by_row(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def rows_by_block(path: Path, time_zone: str) -> int:
    """The rows without a fault."""
    return sum(block.table.num_rows for block in reader.blocks(path, kinds.PURCHASES, time_zone=time_zone))


def says_the_same(path: Path, time_zone: str) -> bool:
    """Whether both ways find the same sum of what was paid."""
    blocks = reader.blocks(path, kinds.PURCHASES, time_zone=time_zone)
    paid = sum((pc.sum(block.table["net_amount"]).as_py() or Decimal(0) for block in blocks), Decimal(0))
    with path.open(encoding="utf-8", newline="") as file:
        return paid == sum(Decimal(row["net_amount"]) for row in csv.DictReader(file))
