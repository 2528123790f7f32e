"""Builds the index from blocks of lines and of events: memory follows the largest block, not the number of lines.

The order of lines and events, and how they are cut into blocks, do not change a byte: rows are put into one order, and
what is alike in all but its amount is one line.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from loyalty.profiling.cores import in_turn
from loyalty.profiling.history import files
from loyalty.profiling.history.gathering import IndexFacts, codes, gathered
from loyalty.profiling.history.index import MOST_AGE
from loyalty.profiling.history.records import EventRows, LineRows, Rows
from loyalty.profiling.history.staging import Columns, Staged, counts, narrow, put_in_groups

SIGNED = ("net_e4", "product", "channel", "store")


def build(
    lines: Iterable[LineRows], events: Iterable[EventRows], known: IndexFacts, directory: Path, *, workspace: Path
) -> None:
    """Write the index into a directory that is not there yet; `workspace` is one for what is laid aside meanwhile.

    Blocks ascend by member and hold all rows of theirs: ValueError where two share one.
    """
    brands = tuple(sorted(set(known.catalogue.brands)))
    baskets, bought = _stage_lines(lines, known, workspace)
    happened = _stage_events(events, known, workspace)
    writer = files.Writer(directory)
    writer.write("member", baskets.column("member"))
    writer.write("group_of", known.group_of)
    writer.write("brand_of", codes(known.catalogue.brands, brands))
    _write_grouped(writer, "line_", bought, {"group": known.last_group, "basket": baskets.rows})
    _write_grouped(writer, "event_", happened, {"group": len(known.words.events) - 1, "member": known.members})
    words = {**asdict(known.words), "leaves": known.leaves, "inner": known.inner, "brands": brands}
    writer.finish({"members": known.members, "refs": known.catalogue.refs, "names": known.catalogue.names, **words})


def _stage_lines(lines: Iterable[LineRows], known: IndexFacts, workspace: Path) -> tuple[Staged, Staged]:
    """The members of baskets, and the lines of all groups, basket after basket in each."""
    basket, line = {"member": narrow(known.members)}, _line(known)
    with (
        closing(Staged(workspace / "baskets", basket)) as baskets,
        closing(Staged(workspace / "bought", line)) as bought,
    ):
        for member, found in in_turn(partial(gathered, known=known), _ascending(lines, known.on_day)):
            bought.add({**found, "basket": found["basket"] + baskets.rows})
            baskets.add({"member": member})
    return baskets, bought


def _line(known: IndexFacts) -> dict[str, np.dtype]:
    """The types in which lines are laid aside: how many baskets there are is not known yet, nor how much is paid."""
    return {
        "group": narrow(known.last_group),
        "basket": np.dtype(np.int64),
        "age": np.dtype(np.uint16),
        "net_e4": np.dtype(np.int64),
        "product": narrow(len(known.paths), signed=True),
        "channel": narrow(len(known.words.channels), signed=True),
        "store": narrow(len(known.words.stores), signed=True),
    }


def _ascending(blocks: Iterable[Rows], on_day: int) -> Iterator[Columns]:
    """The rows of earlier days of each block that has any; blocks may not go back to a member."""
    last = -1
    for block in blocks:
        rows = block.columns_before(on_day)
        if not len(rows["member"]):
            continue
        if rows["member"].min() <= last:
            raise ValueError(
                f"Member {rows['member'].min()} has rows in two blocks, or blocks do not ascend by member."
            )
        last = rows["member"].max()
        yield rows


def _stage_events(events: Iterable[EventRows], known: IndexFacts, workspace: Path) -> Staged:
    event = {
        "group": narrow(len(known.words.events)),
        "member": narrow(known.members),
        "age": np.dtype(np.uint16),
        "channel": narrow(len(known.words.event_channels), signed=True),
    }
    with closing(Staged(workspace / "events", event)) as staged:
        for rows in _ascending(events, known.on_day):
            age = np.minimum(known.on_day - rows["day"], MOST_AGE)
            order = np.lexsort((rows["channel"], age, rows["kind"], rows["member"]))
            staged.add({name: column[order] for name, column in {**rows, "age": age, "group": rows["kind"]}.items()})
    return staged


def _write_grouped(writer: files.Writer, prefix: str, staged: Staged, most: Mapping[str, int]) -> None:
    """Write the columns by group; `most` is what they have to be able to say, whatever they do."""
    most = {**staged.most, **most}
    start = np.append(0, np.cumsum(counts(staged, "group", most["group"] + 1)))
    writer.write(f"{prefix}start", start)
    types = {name: narrow(most[name], signed=name in SIGNED) for name in staged.types if name != "group"}
    into = {name: writer.allocate(f"{prefix}{name}", staged.rows, kind) for name, kind in types.items()}
    put_in_groups(staged, "group", start[:-1], into)
