"""Rows that can be loaded and still look wrong: counted for the quality report, not rejected."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Where the day begins first, it is tomorrow already for so long.
_AHEAD_OF_UTC = timedelta(hours=14)

Mask = Any  # pyarrow's own types do not say what a kernel gives
Test = Callable[[pa.Table, datetime], Mask]


def _missing(column: str) -> Test:
    return lambda rows, _: pc.is_null(rows[column])


def _after(column: str) -> Test:
    return lambda rows, at: pc.greater(rows[column], pa.scalar(at, rows[column].type))


def _both(first: Mask, second: Mask) -> Mask:
    return pc.and_kleene(first, second)


# Each looks at these columns of a block's typed rows, if the file has them, and at the moment of loading.
TESTS: Mapping[str, Mapping[str, tuple[tuple[str, ...], Test]]] = {
    "purchases": {
        "without a member: they count in no profile": (("member_ref",), _missing("member_ref")),
        "without a product: they count in no department": (("product_ref",), _missing("product_ref")),
        "dated after they were loaded": (("purchased_at",), _after("purchased_at")),
        "bought, but paid less than nothing for": (
            ("quantity", "net_amount"),
            lambda rows, _: _both(pc.greater(rows["quantity"], 0), pc.less(rows["net_amount"], 0)),
        ),
        "given away for nothing": (
            ("quantity", "net_amount"),
            lambda rows, _: _both(pc.greater(rows["quantity"], 0), pc.equal(rows["net_amount"], 0)),
        ),
        "with a margin above what was paid": (
            ("margin_amount", "net_amount"),
            lambda rows, _: _both(
                pc.greater(rows["net_amount"], 0), pc.greater(rows["margin_amount"], rows["net_amount"])
            ),
        ),
    },
    "members": {
        "without e-mail and phone": (
            ("email", "phone"),
            lambda rows, _: _both(pc.is_null(rows["email"]), pc.is_null(rows["phone"])),
        ),
        "joined after they were loaded": (
            ("joined_on",),
            lambda rows, at: pc.greater(rows["joined_on"], pa.scalar((at + _AHEAD_OF_UTC).date(), pa.date32())),
        ),
        "born after they were loaded": (("birth_year",), lambda rows, at: pc.greater(rows["birth_year"], at.year)),
        "born more than 110 years ago": (
            ("birth_year",),
            lambda rows, at: pc.less(rows["birth_year"], at.year - 110),
        ),
    },
    "products": {
        "with a margin above their price": (
            ("price", "unit_margin"),
            lambda rows, _: pc.greater(rows["unit_margin"], rows["price"]),
        ),
        "without a price": (("price",), _missing("price")),
    },
    "consents": {"dated after they were loaded": (("at",), _after("at"))},
    "events": {"dated after they were loaded": (("at",), _after("at"))},
    "stock": {"counted below nothing": (("quantity",), lambda rows, _: pc.less(rows["quantity"], 0))},
}


def count(kind: str, rows: pa.Table, at: datetime) -> Counter[str]:
    """How many of a block's rows look wrong in each way, as known at `at`; a way that no row goes is left out."""
    found = {
        words: pc.sum(test(rows, at)).as_py() or 0
        for words, (columns, test) in TESTS.get(kind, {}).items()
        if set(columns) <= set(rows.column_names)
    }
    return Counter({words: number for words, number in found.items() if number})
