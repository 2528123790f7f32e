"""Writes what the simulated retailer has to tell as files that anybody's retailer could have brought."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from config.demo.retailer import events, pilot, responses, tables
from config.demo.retailer.members import NEVER
from config.demo.retailer.responses import Contacts
from config.demo.retailer.world import World

Form = Literal["parquet", "csv"]
Told = Iterator[tuple[str, pa.Table]]
LONG_AGO = -NEVER


def write(world: World, directory: Path, *, until: int | None = None, form: Form = "parquet") -> dict[str, Path]:
    """Writes all there is before day `until` (the end of the history), one file per kind, into the directory.

    Returns their paths in the order in which they can be loaded. A kind of which there is nothing has no file.
    """
    until = world.end if until is None else until
    sent = pilot.pilot(world).contacts()
    told = chain(_shelves(world), _people(world, since=LONG_AGO, until=until), _past(world))
    return _write(chain(told, _ledgers(world, sent, since=world.start, until=until)), directory, form)


def write_days(
    world: World, directory: Path, sent: Contacts, *, since: int, until: int, form: Form = "parquet"
) -> dict[str, Path]:
    """Writes what is new from day `since` to before day `until`, after what was `sent`, likewise."""
    told = chain(_people(world, since=since, until=until), _ledgers(world, sent, since=since, until=until))
    return _write(told, directory, form)


def _shelves(world: World) -> Told:
    yield "stores", tables.stores(world)
    yield "products", tables.products(world)


def _people(world: World, *, since: int, until: int) -> Told:
    yield "members", tables.members(world, since=since, until=until)
    yield "consents", tables.consents(world, since=since, until=until)


def _past(world: World) -> Told:
    yield "offers", tables.offers(world)
    yield "campaigns", tables.campaigns(world)
    yield "assignments", tables.assignments(world, pilot.pilot(world))


def _ledgers(world: World, sent: Contacts, *, since: int, until: int) -> Told:
    shopped = responses.shopping(world, sent, since=since, until=until)
    yield "purchases", tables.purchases(world, shopped)
    yield "events", tables.events(world, events.events(world, sent, shopped, since=since, until=until))


def _write(told: Iterable[tuple[str, pa.Table]], directory: Path, form: Form) -> dict[str, Path]:
    directory.mkdir(parents=True, exist_ok=True)
    paths = {}
    for kind, table in told:
        if table.num_rows:
            paths[kind] = directory / f"{kind}.{form}"
            _write_table(table, paths[kind], form)
    return paths


def _write_table(table: pa.Table, path: Path, form: Form) -> None:
    if form == "csv":
        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path)
