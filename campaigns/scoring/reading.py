"""What compiled loops read of members whose profiles are kept in some way: which feature becomes which column.

It is planned once for all blocks of members, since threads wait for one another while Python plans.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.basis import Number, may_decide
from loyalty.profiling.steps import Steps
from loyalty.profiling.table import Column, Profiles

SMALL = (np.dtype(np.int8), np.dtype(np.int16))
LARGE = np.dtype(np.int32)
FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
TYPES = (*SMALL, LARGE, *FLOATS)

Rows = NDArray[np.float32]
Places = NDArray[np.intp]


class Kept(NamedTuple):
    """How a feature is kept: in an array of which type, and where these are counts of steps, how many of them count as
    1, and what type they stand for."""

    type: np.dtype[Any]
    per_unit: int | None
    told: np.dtype[Any]


@dataclass(frozen=True, eq=False)
class Source:
    """Of the column `into` of a basis: the feature it tells of, and what becomes `of` the feature's values, which is
    what loops do by this name, if any; a `number` is standardised besides."""

    into: int
    feature: str
    of: Callable[[NDArray[Any]], NDArray[Any]]
    then: int | None
    number: Number | None = None


@dataclass(frozen=True, eq=False)
class Reading:
    """The `features` to read; by the loops `sources` (s, 5) (type, which feature, address of a table, then, into), of
    which so many count as 1, and the columns (from, into) to `standardise` after, by what; and `others`, which are left
    to NumPy. What has its logarithm taken is read into columns `beside` those of the basis. `tables` are kept."""

    features: tuple[str, ...]
    sources: Places
    per_unit: NDArray[np.float64]
    standardise: Places
    by: Rows
    beside: int
    others: tuple[Source, ...]
    tables: tuple[Rows, ...]

    def arrays(self, profiles: Profiles) -> list[NDArray[Any]]:
        """Of the features, as they are kept."""
        found = (profiles.columns[name] for name in self.features)
        return [np.require(_kept_in(each), requirements=("C", "A")) for each in found]


def addresses(arrays: Sequence[NDArray[Any]]) -> Places:
    """(f,): where each begins in memory, for as long as it is kept."""
    return np.array([each.__array_interface__["data"][0] for each in arrays], dtype=np.intp)


def kept(profiles: Profiles, features: Sequence[str]) -> tuple[Kept | None, ...]:
    """How each feature is kept, None where it is not or may not decide."""
    return tuple(_kept(profiles.columns[name]) if may_decide(profiles, name) else None for name in features)


def values(profiles: Profiles, feature: str) -> NDArray[Any]:
    """Of one that NumPy reads, (n,), or a single unknown for all."""
    if not may_decide(profiles, feature):
        return np.full(1, np.nan, dtype=np.float32)
    return profiles.column(feature)


def planned(sources: Sequence[Source], known: Mapping[str, Kept | None], loops: ModuleType, *, width: int) -> Reading:
    """For features that are kept so, and `width` columns of the basis."""
    names = [name for name, each in known.items() if each is not None]
    small = {source: each for source in sources if (each := known[source.feature]) and each.type in SMALL}
    large = {source: each for source in sources if (each := known[source.feature]) and _has_loop(source, each)}
    standardised = [(source, source.number) for source in large if source.number]
    logged = [source for source, number in standardised if number.logged]
    into = {source: width + at for at, source in enumerate(logged)}
    tables = tuple(_table(source, each) for source, each in small.items())
    looked_up = zip(small.items(), addresses(tables), strict=True)
    found = [
        *((each, source, table, loops.AS_THEY_ARE, source.into) for (source, each), table in looked_up),
        *((each, source, 0, source.then, into.get(source, source.into)) for source, each in large.items()),
    ]
    return Reading(
        features=tuple(names),
        sources=places([(TYPES.index(each.type), names.index(of.feature), *rest) for each, of, *rest in found], 5),
        per_unit=np.array([each.per_unit or 1 for each, *_ in found], dtype=np.float64),
        standardise=places([(into.get(source, source.into), source.into) for source, _ in standardised], 2),
        by=np.array(
            [(each.low, each.high, each.centre, each.scale) for _, each in standardised], dtype=np.float32
        ).reshape(-1, 4),
        beside=len(logged),
        others=tuple(source for source in sources if source not in small and source not in large),
        tables=tables,
    )


def places(found: Sequence[Sequence[int]], size: int) -> Places:
    """(p, size), also of none."""
    return np.array(found, dtype=np.intp).reshape(-1, size)


def _has_loop(source: Source, how: Kept) -> bool:
    is_counted = how.per_unit is not None
    return source.then is not None and (how.type == LARGE if is_counted else how.type in FLOATS)


def _table(source: Source, how: Kept) -> Rows:
    """What becomes of every count there may be."""
    extent = np.iinfo(how.type)
    counts = np.arange(extent.min, extent.max + 1).astype(how.type)
    told = counts if how.per_unit is None else Steps(counts, how.per_unit, how.told).floats()
    return source.of(told).astype(np.float32)


def _kept(raw: Column) -> Kept:
    if isinstance(raw, Steps):
        return Kept(raw.counts.dtype, raw.per_unit, raw.dtype)
    return Kept(raw.dtype, None, raw.dtype)


def _kept_in(raw: Column) -> NDArray[Any]:
    return raw.counts if isinstance(raw, Steps) else raw
