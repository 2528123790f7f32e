"""Writes the index of what members bought and did, from what was laid aside for a build."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from loyalty.models import Product, Purchase, Store
from loyalty.profiles.coding import in_order
from loyalty.profiles.events import SpooledEvents
from loyalty.profiles.lines import day_of
from loyalty.profiles.positions import positions
from loyalty.profiling.cores import in_turn
from loyalty.profiling.history import building
from loyalty.profiling.history.gathering import IndexFacts
from loyalty.profiling.history.records import Catalogue, LineRows, Words
from loyalty.profiling.records import Members
from loyalty.profiling.spool import Spool
from loyalty.profiling.table import day_number


def write(bought: Spool, happened: SpooledEvents, members: Members, *, as_of: dt.date, workspace: Path) -> Path:
    """The directory of the index, with a workspace for what is laid aside meanwhile."""
    lines = _LinesForHistory(bought, members)
    kinds, channels = happened.words()
    words = Words(tuple(Purchase.Channel.values), lines.stores, kinds, channels)
    known = IndexFacts(len(members), lines.catalogue, words, day_number(as_of))
    directory = workspace / "history"
    building.build(lines, happened.for_history(members), known, directory, workspace=workspace / "indexing")
    return directory


class _LinesForHistory:
    """Blocks of lines as the index is built from them, and the words behind their codes."""

    def __init__(self, bought: Spool, members: Members) -> None:
        self.bought, self.members = bought, members
        products = sorted(Product.objects.values_list("ref", "name", "category", "brand", "pk"))
        *known, pks = zip(*products, strict=True) if products else [()] * 5
        self.catalogue = Catalogue(*known)
        self.products, self.code_of_product = _sorted(pks, np.arange(len(products)))
        names = dict(Store.objects.values_list("pk", "name"))
        codes, self.stores = in_order(np.arange(len(names)), list(names.values()))
        self.places, self.code_of_store = _sorted(tuple(names), codes)

    def __iter__(self) -> Iterator[LineRows]:
        return in_turn(self._as_lines, self.bought.blocks())

    def _as_lines(self, rows: np.ndarray) -> LineRows:
        return LineRows(
            member=positions(self.members.member_ids, rows["member"]),
            day=day_of(rows["at"]),
            basket=rows["basket"].copy(),
            product=self.code_of_product[positions(self.products, rows["product"])],
            channel=rows["channel"].copy(),
            store=self.code_of_store[positions(self.places, rows["store"])],
            net_e4=rows["net_e4"].copy(),
        )


def _sorted(pks: tuple[int, ...], codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keys in order with the code of each, and behind them that of a key which is not there, at position -1."""
    order = np.argsort(np.array(pks, dtype=np.int64))
    return np.array(pks, dtype=np.int64)[order], np.append(codes[order], -1).astype(np.int32)
