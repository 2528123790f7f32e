"""The index as files in a directory: plain columns, and the words behind their codes.

What was written is checked by the checksums of the snapshot that the directory is part of.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from loyalty.profiling.disk import flush, mapped
from loyalty.profiling.history import names
from loyalty.profiling.history.index import Happenings, History, Purchases
from loyalty.profiling.vocabulary import Vocabulary

WORDS = "words.json"
LINE = ("basket", "age", "net_e4", "product", "channel", "store")


class Writer:
    """Writes the files of an index into a directory of their own; whatever it wrote is on disk when it finishes."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True)
        self.directory = directory
        self.mapped: list[np.memmap] = []
        self.rows: dict[str, int] = {}

    def write(self, name: str, column: np.ndarray) -> None:
        self.rows[name] = len(column)
        with (self.directory / f"{name}.npy").open("xb") as file:
            np.save(file, column, allow_pickle=False)
            flush(file)

    def allocate(self, name: str, rows: int, kind: np.dtype) -> np.ndarray:
        """A column of zeros to write into."""
        if not rows:
            self.write(name, np.zeros(0, dtype=kind))
            return np.zeros(0, dtype=kind)
        self.rows[name] = rows
        path = self.directory / f"{name}.npy"
        self.mapped.append(np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(rows,)))
        return self.mapped[-1]

    def finish(self, words: Mapping[str, Any]) -> None:
        for column in self.mapped:
            column.flush()
        with (self.directory / WORDS).open("x", encoding="utf-8") as file:
            json.dump({**words, "rows": self.rows}, file, ensure_ascii=False)
            flush(file)


def open_index(directory: Path) -> History:
    """The index in a directory, memory-mapped and read-only.

    OSError, ValueError, KeyError or TypeError where a file is missing or misshapen.
    """
    words = json.loads((directory / WORDS).read_text(encoding="utf-8"))
    column = {name: mapped(directory / f"{name}.npy", rows) for name, rows in words["rows"].items()}
    purchases = Purchases(
        member=column["member"],
        start=column["line_start"],
        group_of=column["group_of"],
        brand_of=column["brand_of"],
        **{name: column[f"line_{name}"] for name in LINE},
    )
    happenings = Happenings(**{name: column[f"event_{name}"] for name in ("start", "member", "age", "channel")})
    leaves, inner, brands = (Vocabulary(words[name]) for name in ("leaves", "inner", "brands"))
    return History(words["members"], purchases, happenings, leaves, inner, brands, vocabularies(words))


def vocabularies(words: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What conditions may name, by the names of the vocabularies."""
    return {
        names.CATEGORY: Vocabulary(sorted({*words["leaves"], *words["inner"]} - {""})),
        names.BRAND: Vocabulary(brand for brand in words["brands"] if brand),
        names.PRODUCT: Vocabulary(words["refs"]),
        names.PRODUCT_NAME: tuple(words["names"]),
        names.CHANNEL: Vocabulary(words["channels"]),
        names.STORE: Vocabulary(words["stores"]),
        names.EVENT: Vocabulary(words["events"]),
        names.EVENT_CHANNEL: Vocabulary(words["event_channels"]),
    }
