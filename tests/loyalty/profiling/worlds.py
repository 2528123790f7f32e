"""Small worlds: spelled out, or random with returns, unknown codes, basket codes used twice and days to come."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from loyalty.profiling.features import Events, Lines, Members
from loyalty.profiling.table import day_number

AS_OF = date(2026, 3, 1)
TODAY = day_number(AS_OF)
VOCABULARIES = {
    "department": ("Bakery", "Coffee", "Home & {Garden}"),
    "channel": ("store", "online", "app", "phone"),
    "tier": ("Silver", "Gold"),
    "home_store": ("North", "South", "West"),
    "attr_pet": ("cat", "dog"),
}


@dataclass(frozen=True)
class World:
    members: Members
    lines: Lines
    events: tuple[Events, ...] = ()


def members(count: int, **known: object) -> Members:
    """So many members of whom nothing is known but what is given."""
    columns: dict = dict.fromkeys(("joined_day", "birth_year", "tier", "home_store"), np.full(count, -1))
    columns |= {name: np.asarray(column) for name, column in known.items() if name != "attributes"}
    return Members(np.arange(count) * 10 + 7, **columns, attributes=known.get("attributes", {}))


def lines(*rows: dict[str, int]) -> Lines:
    """Lines with what is given, and else the first member's, yesterday's, in a basket of their own, worth 1.00."""
    usual = {"member": 0, "day": TODAY - 1, "hour": 12, "department": 0, "channel": 0, "net_e4": 10_000}
    full = [{**usual, "discount_e4": 0, "basket": number, **row} for number, row in enumerate(rows)]
    names = ("member", "day", "hour", "basket", "department", "channel", "net_e4", "discount_e4")
    return Lines(*(np.array([row[name] for row in full], dtype=np.int64) for name in names))


def visits(*ages: int, **row: int) -> Lines:
    """One line on each day that many days ago."""
    return lines(*({"day": TODAY - age, **row} for age in ages))


def world(
    seed: int, *, least_members: int = 1, most_members: int = 9, least_lines: int = 0, most_lines: int = 90
) -> World:
    """A random world that is a function of the seed."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(least_members, most_members + 1))
    total = int(rng.integers(least_lines, most_lines + 1))
    known, bought = _random_members(rng, count), _random_lines(rng, count, total)
    return World(known, bought, tuple(_random_events(rng, count) for _ in range(2)))


def _random_members(rng: np.random.Generator, count: int) -> Members:
    return members(
        count,
        joined_day=rng.choice([-1, TODAY - 900, TODAY - 300, TODAY - 50, TODAY, TODAY + 3], count),
        birth_year=rng.choice([-1, 1850, 1960, 2007, 2008, 2025, 2026, 2027], count),
        tier=rng.integers(-1, 2, count),
        home_store=rng.integers(-1, 3, count),
        attributes={
            "pet": rng.integers(-1, 2, count),
            "newsletter": rng.integers(-1, 2, count).astype(np.int8),
            "income": rng.choice([np.nan, 1200.5, 70000.0], count),
        },
    )


def _random_lines(rng: np.random.Generator, count: int, total: int) -> Lines:
    spread = int(rng.choice([3, 40, 200, 800]))
    return Lines(
        member=rng.integers(-1, count, total),
        day=TODAY + 4 - rng.integers(0, spread, total),
        hour=rng.integers(0, 24, total),
        basket=rng.choice(rng.integers(-(2**62), 2**62, 30), total),
        department=rng.integers(-1, 3, total),
        channel=rng.integers(-1, 4, total),
        net_e4=rng.choice([-30_000, -5_000, 0, 1, 9_999, 12_345, 50_000, 1_000_000], total),
        discount_e4=rng.choice([-500, 0, 0, 2_500, 30_000], total),
    )


def _random_events(rng: np.random.Generator, count: int) -> Events:
    total, spread = int(rng.integers(0, 30)), int(rng.choice([40, 200]))
    return Events(rng.integers(-1, count, total), TODAY + 2 - rng.integers(0, spread, total), rng.integers(0, 3, total))
