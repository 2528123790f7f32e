"""Purchase lines out of PostgreSQL, as features are computed from them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from loyalty import aliases, copying
from loyalty.aliases import Survivors
from loyalty.models import Product, Purchase
from loyalty.profiles.extent import last_member, span, until
from loyalty.profiles.positions import positions
from loyalty.profiles.progress import Progress, Report
from loyalty.profiling.records import Lines, Members
from loyalty.profiling.spool import Spool
from loyalty.profiling.table import day_number

# What a line is made of; `at` is local time in microseconds since 2000, `product` and `store` are 0 for none.
LINE = {
    "member": "i8",
    "at": "i8",
    "basket": "i8",
    "product": "i8",
    "store": "i8",
    "channel": "i2",
    "net_e4": "i8",
    "discount_e4": "i8",
}
LINES = """
    SELECT block.*
    FROM generate_series(%(first)s::bigint, %(last)s, %(rows)s) first CROSS JOIN LATERAL (
        SELECT ARRAY[first],
               array_agg(member_id),
               array_agg(purchased_at AT TIME ZONE %(zone)s),
               array_agg(hashtextextended(basket_ref, 0)),
               array_agg(coalesce(product_id, 0)),
               array_agg(coalesce(store_id, 0)),
               array_agg(coalesce(array_position(%(channels)s::text[], channel) - 1, -1)::int2),
               array_agg((net_amount * 10000)::int8),
               array_agg(coalesce((discount_amount * 10000)::int8, 0))
        FROM loyalty_purchase
        WHERE id >= first AND id < first + %(rows)s AND member_id IS NOT NULL AND purchased_at < %(until)s
        HAVING count(*) > 0
    ) block
"""
YEAR_2000 = day_number(dt.date(2000, 1, 1))
HOUR = 3_600_000_000
DAY = 24 * HOUR


def bought_before(as_of: dt.date, directory: Path, merged: Survivors, *, report: Report) -> Spool:
    """The columns of `LINE` for every line that has a member, under the member who stands for it."""
    asked = {**span(Purchase), **until(as_of), "channels": list(Purchase.Channel.values)}
    bought = Spool(directory, np.dtype(list(LINE.items())), last_member=last_member())
    progress = Progress(report, "Reading purchases", "lines")
    for block in copying.blocks(LINES, asked, {"first": "i8", **LINE}):
        (first,) = block.pop("first").tolist()
        bought.add({**block, "member": aliases.standing_for(block["member"], merged)})
        progress.at(bought.rows, share=(first + asked["rows"] - asked["first"]) / (asked["last"] - asked["first"] + 1))
    bought.close()
    return bought


class LinesForFeatures:
    """Blocks of lines as features are computed from them; they can be gone through again."""

    def __init__(
        self, bought: Spool, members: Members, departments: tuple[str, ...], *, report: Report = lambda _: None
    ) -> None:
        self.report = report
        products = dict(Product.objects.order_by("pk").values_list("pk", "department"))
        self.bought, self.members, self.products = bought, members, np.fromiter(products, np.int64)
        # The position of a product that is not known, -1, reads the last entry.
        self.department_of = np.append(_codes(products.values(), departments), -1).astype(np.int16)

    def __iter__(self) -> Iterator[Lines]:
        progress, done = Progress(self.report, "Computing", "lines"), 0
        for rows in self.bought.blocks():
            yield self._as_lines(rows)
            done += len(rows)
            progress.at(done, share=done / self.bought.rows)

    def _as_lines(self, rows: np.ndarray) -> Lines:
        # Copied, since the columns of rows lie apart in memory, which all that follows would be slower for.
        return Lines(
            member=positions(self.members.member_ids, rows["member"]),
            day=day_of(rows["at"]),
            hour=(rows["at"] % DAY // HOUR).astype(np.int16),
            basket=rows["basket"].copy(),
            department=self.department_of[positions(self.products, rows["product"])],
            channel=rows["channel"].copy(),
            net_e4=rows["net_e4"].copy(),
            discount_e4=rows["discount_e4"].copy(),
        )


def day_of(at: np.ndarray) -> np.ndarray:
    """Days since 1970 of local times as in `LINE`."""
    return (at // DAY + YEAR_2000).astype(np.int32)


def _codes(words_said: Iterable[str], words: tuple[str, ...]) -> np.ndarray:
    codes = {word: code for code, word in enumerate(words)}
    return np.array([codes.get(word, -1) for word in words_said], dtype=np.int32)
