"""Writes the simulated retailer's history as files that anybody's retailer could have brought."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from config.demo.retailer import events, pilot, responses, tables
from config.demo.retailer.responses import Contacts
from config.demo.retailer.world import World

Form = Literal["parquet", "csv"]


def write(world: World, directory: Path, *, form: Form = "parquet") -> dict[str, Path]:
    """Writes one file per kind into the directory and returns their paths, in the order in which they can be loaded."""
    directory.mkdir(parents=True, exist_ok=True)
    return {kind: _write(table, directory / f"{kind}.{form}", form) for kind, table in _history(world)}


def write_days(
    world: World, directory: Path, sent: Contacts, *, since: int, until: int, form: Form = "parquet"
) -> dict[str, Path]:
    """Writes the purchases and events from day `since` to before day `until`, after what was `sent`, likewise."""
    directory.mkdir(parents=True, exist_ok=True)
    told = _ledgers(world, sent, since=since, until=until)
    return {kind: _write(table, directory / f"{kind}.{form}", form) for kind, table in told}


def _history(world: World) -> Iterator[tuple[str, pa.Table]]:
    trial = pilot.pilot(world)
    yield "stores", tables.stores(world)
    yield "products", tables.products(world)
    yield "members", tables.members(world)
    yield "consents", tables.consents(world)
    yield "offers", tables.offers(world)
    yield "campaigns", tables.campaigns(world)
    yield "assignments", tables.assignments(world, trial)
    yield from _ledgers(world, trial.contacts(), since=world.start, until=world.end)


def _ledgers(world: World, sent: Contacts, *, since: int, until: int) -> Iterator[tuple[str, pa.Table]]:
    shopped = responses.shopping(world, sent, since=since, until=until)
    yield "purchases", tables.purchases(world, shopped)
    yield "events", tables.events(world, events.events(world, sent, shopped, since=since, until=until))


def _write(table: pa.Table, path: Path, form: Form) -> Path:
    if form == "csv":
        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path)
    return path
