"""Two retailers' purchases in arrays, to look at their members on one day and at what they did after it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from loyalty.profiling import features
from loyalty.profiling.records import Lines, Members
from loyalty.profiling.table import Profiles, day_number

Find = Callable[[str], Path]


@dataclass(frozen=True, eq=False)
class Shoppers:
    """n members by what they bought, and the words behind codes."""

    count: int
    lines: Lines
    vocabularies: Mapping[str, tuple[str, ...]]

    def profiles(self, on: dt.date) -> Profiles:
        """Of all members, also those who come only later."""
        unknown = np.full(self.count, -1)
        members = Members(np.arange(self.count), *[unknown] * 4)
        return features.build(members, self.lines, as_of=on, vocabularies=self.vocabularies)

    def spend(self, since: dt.date, *, days: int) -> np.ndarray:
        """(n,): what each spent within so many days, in money, returns taken off."""
        there = self._within(since, days)
        return np.bincount(self.lines.member[there], weights=self.lines.net_e4[there] / 10_000, minlength=self.count)

    def came(self, since: dt.date, *, days: int) -> np.ndarray:
        """(n,): whether each bought anything within so many days."""
        there = self._within(since, days) & (self.lines.net_e4 > 0)
        return np.bincount(self.lines.member[there], minlength=self.count) > 0

    def _within(self, since: dt.date, days: int) -> np.ndarray:
        first = day_number(since)
        return (self.lines.member >= 0) & (self.lines.day >= first) & (self.lines.day < first + days)


def gift_shop(find: Find) -> Shoppers:
    """4,372 customers of a gift shop over a year; its lines without a customer are nobody's."""
    shop = pq.read_table(find("online_retail/onlineretail.parquet"))
    customer = np.array([np.nan if each is None else each for each in shop["CustomerID"].to_pylist()], dtype=np.float64)
    known = ~np.isnan(customer)
    member = np.full(len(customer), -1)
    _, member[known] = np.unique(customer[known], return_inverse=True)
    paid = np.asarray(shop["Quantity"]) * np.asarray(shop["UnitPrice"])
    unknown = np.full(len(customer), -1)
    lines = Lines(
        member=member,
        **_when(np.asarray(shop["InvoiceDate"])),
        basket=_codes(shop["InvoiceNo"].to_pylist()),
        department=unknown,
        channel=unknown,
        net_e4=np.round(paid * 10_000).astype(np.int64),
        discount_e4=np.zeros(len(customer), dtype=np.int64),
    )
    return Shoppers(int(member.max()) + 1, lines, {})


def grocer(find: Find) -> Shoppers:
    """2,377 households of a grocer over a year, by a sample of their purchases."""
    sold = pq.read_table(find("complete_journey/transactions_sample.parquet"))
    products = pq.read_table(find("complete_journey/products.parquet"))
    aisle = dict(zip(products["product_id"].to_pylist(), products["department"].to_pylist(), strict=True))
    bought = [aisle.get(product) or "Unknown" for product in sold["product_id"].to_pylist()]
    member = _codes(sold["household_id"].to_pylist())
    lines = Lines(
        member=member,
        **_when(np.asarray(sold["transaction_local"])),
        basket=_codes(sold["basket_id"].to_pylist()),
        department=_codes(bought),
        channel=np.full(len(member), -1),
        net_e4=np.round(np.asarray(sold["sales_value"]) * 10_000).astype(np.int64),
        discount_e4=np.round(np.asarray(sold["retail_disc"]) * 10_000).astype(np.int64),
    )
    return Shoppers(int(member.max()) + 1, lines, {"department": tuple(sorted(set(bought)))})


def _codes(words: list[str]) -> np.ndarray:
    return np.unique(np.array(words), return_inverse=True)[1]


def _when(at: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "day": at.astype("datetime64[D]").astype(np.int64),
        "hour": at.astype("datetime64[h]").astype(np.int64) % 24,
    }
