"""Builds the index from blocks of lines and of events: memory follows the largest block, not the number of lines.

The order of lines and events, and how they are cut into blocks, do not change a byte: rows are put into one order, and
what is alike in all but its amount is one line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from loyalty.profiling.history import files
from loyalty.profiling.history.index import EVERYTHING, MOST_AGE
from loyalty.profiling.history.records import Catalogue, Events, Lines, Words
from loyalty.profiling.history.staging import Columns, Staged, counts, narrow, put_in_groups

BASKET = {"member": "i8"}
LINE = {"group": "i4", "basket": "i8", "age": "u2", "net_e4": "i8", "product": "i4", "channel": "i2", "store": "i4"}
EVENT = {"group": "i4", "member": "i8", "age": "u2", "channel": "i2"}
SIGNED = ("net_e4", "product", "channel", "store")


@dataclass(frozen=True)
class Known:
    """What lines and events are about: n members, products, words; and the day before which they happened."""

    members: int
    catalogue: Catalogue
    words: Words
    on_day: int


def build(lines: Iterable[Lines], events: Iterable[Events], known: Known, directory: Path, *, room: Path) -> None:
    """Write the index into a directory that is not there yet; `room` is one for what is laid aside meanwhile.

    Blocks ascend by member and hold all rows of theirs: ValueError where two share one.
    """
    catalogue = known.catalogue
    paths = tuple(map(files.as_path, catalogue.categories))
    leaves, brands = tuple(sorted(set(paths))), tuple(sorted(set(catalogue.brands)))
    category_of, brand_of = _codes(paths, leaves), _codes(catalogue.brands, brands)
    baskets, bought = _stage_lines(lines, category_of + EVERYTHING + 1, known, room)
    happened = _stage_events(events, known, room)
    writer = files.Writer(directory)
    writer.write("member", baskets.column("member").astype(narrow(known.members)))
    writer.write("category_of", category_of)
    writer.write("brand_of", brand_of)
    _write_grouped(writer, "line_", bought, {"group": EVERYTHING + len(leaves), "basket": baskets.rows})
    _write_grouped(writer, "event_", happened, {"group": len(known.words.events) - 1, "member": known.members})
    words = {**asdict(catalogue), **asdict(known.words), "leaves": leaves, "brands": brands}
    writer.finish({"members": known.members, **words})


def _stage_lines(lines: Iterable[Lines], group_of: np.ndarray, known: Known, room: Path) -> tuple[Staged, Staged]:
    baskets, bought, last = Staged(room / "baskets", BASKET), Staged(room / "bought", LINE), -1
    for block in lines:
        rows = _in_baskets(block.columns_before(known.on_day), known)
        if not len(rows["member"]):
            continue
        last = _after(last, rows["member"])
        found = _whole_and_by_product(rows, group_of)
        bought.add({**found, "basket": found["basket"] + baskets.rows})
        baskets.add({"member": rows["member"][_starts(rows, ("basket",))]})
    baskets.close()
    bought.close()
    return baskets, bought


def _stage_events(events: Iterable[Events], known: Known, room: Path) -> Staged:
    staged, last = Staged(room / "events", EVENT), -1
    for block in events:
        rows: Columns = block.columns_before(known.on_day)
        if not len(rows["member"]):
            continue
        last = _after(last, rows["member"])
        rows = {**rows, "age": np.minimum(known.on_day - rows["day"], MOST_AGE), "group": rows["kind"]}
        order = np.lexsort((rows["channel"], rows["age"], rows["kind"], rows["member"]))
        staged.add({name: rows[name][order] for name in EVENT})
    staged.close()
    return staged


def _after(last: int, member: np.ndarray) -> int:
    """The last member of a block; blocks may not go back to one."""
    if member.min() <= last:
        raise ValueError(f"Member {member.min()} has rows in two blocks, or blocks do not ascend by member.")
    return int(member.max())


def _in_baskets(rows: Columns, known: Known) -> Columns:
    """The lines by basket, and in a basket by channel, store and product; baskets have numbers from 0."""
    what = (rows["channel"] + 1).astype(np.int64) * (len(known.words.stores) + 1) + rows["store"] + 1
    what = what * (len(known.catalogue.refs) + 1) + rows["product"] + 1
    order = np.lexsort((what, rows["basket"], rows["day"], rows["member"]))
    ordered = {name: column[order] for name, column in rows.items()}
    number = np.cumsum(_changes(ordered, ("member", "day", "basket"))) - 1
    return {**ordered, "basket": number, "age": np.minimum(known.on_day - ordered["day"], MOST_AGE)}


def _whole_and_by_product(rows: Columns, group_of: np.ndarray) -> Columns:
    """The lines of the group of everything, and then those of products, each in its category's."""
    whole = _summed(rows, ("basket", "channel", "store"))
    of_products = np.flatnonzero(rows["product"] >= 0)
    named = {name: column[of_products] for name, column in rows.items()}
    sold = _summed(named, ("basket", "channel", "store", "product"))
    whole |= {"product": np.full(len(whole["basket"]), -1), "group": np.full(len(whole["basket"]), EVERYTHING)}
    sold |= {"group": group_of[sold["product"]]}
    return {name: np.concatenate([whole[name], sold[name]]) for name in LINE}


def _summed(rows: Columns, alike: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Neighbouring lines that are alike as one, with their amounts added up."""
    first = _starts(rows, alike)
    net_e4 = np.add.reduceat(rows["net_e4"], first) if len(first) else rows["net_e4"]
    return {**{name: column[first] for name, column in rows.items()}, "net_e4": net_e4}


def _starts(rows: Columns, alike: tuple[str, ...]) -> np.ndarray:
    return np.flatnonzero(_changes(rows, alike))


def _changes(rows: Columns, names: tuple[str, ...]) -> np.ndarray:
    """Where any of these columns has another value than in the row before."""
    changes = np.zeros(len(rows[names[0]]), dtype=bool)
    changes[:1] = True
    for name in names:
        changes[1:] |= rows[name][1:] != rows[name][:-1]
    return changes


def _codes(values: tuple[str, ...], words: tuple[str, ...]) -> np.ndarray:
    """(p,) The place of each value among the words, in the smallest type for them."""
    code_of = {word: code for code, word in enumerate(words)}
    return np.array([code_of[value] for value in values], dtype=narrow(len(words), signed=True))


def _write_grouped(writer: files.Writer, prefix: str, staged: Staged, most: Mapping[str, int]) -> None:
    """Write the columns by group; `most` is what they have to be able to say, whatever they do."""
    most = {**staged.most, **most}
    start = np.append(0, np.cumsum(counts(staged, "group", most["group"] + 1)))
    writer.write(f"{prefix}start", start)
    types = {name: narrow(most[name], signed=name in SIGNED) for name in staged.types if name != "group"}
    into = {name: writer.room(f"{prefix}{name}", staged.rows, kind) for name, kind in types.items()}
    put_in_groups(staged, "group", start[:-1], into)
