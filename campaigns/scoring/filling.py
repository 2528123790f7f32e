"""Rows of the member basis for many members, a block at a time: what `Basis.rows` says, to the last bit.

NumPy makes a column in many steps, and after each of them threads wait for one another; here loops are compiled that
make all columns in few. Whole numbers of small types are looked up in a table of what each would be.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import combinations
from types import ModuleType

import numpy as np

from campaigns.scoring import kernels
from campaigns.scoring.basis import EAGER, STAGE, Basis, bounded
from campaigns.scoring.reading import Kept, Places, Reading, Rows, Source, addresses, kept, places, planned, values
from campaigns.scoring.response import MOST_AFFINITY
from loyalty.profiling import lifecycle
from loyalty.profiling.table import Profiles

# Numbers between one column and the next, so that not all of them fall into the same places of a cache.
SPARE = 16


def way(basis: Basis, *, pairs: int) -> Callable[[Profiles], Rows]:
    """What makes rows of a basis (n, d) of profiles, for so many pairs of members and offers in all."""
    columns = kernels.compiled("columns", pairs=pairs)
    return basis.rows if columns is None else Filling(basis, columns).rows


@dataclass(frozen=True, eq=False)
class Filling:
    """How rows of a basis are made by `loops`, which are those of `columns`."""

    basis: Basis
    loops: ModuleType
    plans: dict[tuple[Kept | None, ...], Reading] = field(default_factory=dict)

    def rows(self, profiles: Profiles) -> Rows:
        """(n, d) float32, column after column in memory."""
        members, width, reading = len(profiles), len(self.basis.names), self._reading(profiles)
        columns = np.empty((width + reading.beside, members + SPARE), dtype=np.float32)
        columns[0, :members] = 1
        for source in reading.others:
            columns[source.into, :members] = source.of(values(profiles, source.feature))
        arrays = reading.arrays(profiles)
        greatest = np.float32(MOST_AFFINITY)
        self.loops.read(addresses(arrays), reading.sources, reading.per_unit, greatest, members, columns)
        beside = columns[width:, :members]
        np.log1p(beside, out=beside)
        derived = self._products, self._bends, self._knots
        self.loops.derive(reading.standardise, reading.by, *derived, members, columns)
        self._put_eager(columns, members)
        return columns[:width, :members].T

    def _reading(self, profiles: Profiles) -> Reading:
        """Planned once for profiles that are kept alike."""
        how = kept(profiles, self._features)
        if how not in self.plans:
            known = dict(zip(self._features, how, strict=True))
            self.plans[how] = planned(self._sources, known, self.loops, width=len(self.basis.names))
        return self.plans[how]

    def _put_eager(self, columns: Rows, members: int) -> None:
        """As `Basis.put_eager`."""
        if (eagerness := self.basis.eagerness) is None:
            return
        low, high, eager = np.float32(eagerness.low), np.float32(eagerness.high), self.basis.names.index(EAGER)
        self.loops.add_up(self._plain, self._eager_weights, low, high, eager, members, columns)
        np.exp(columns[eager, :members], out=columns[eager, :members])
        self.loops.multiply(self._eager_products, members, columns)

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        return tuple(self._told())

    def _told(self) -> Iterator[Source]:
        """All columns that tell of a single feature."""
        at, loops = self.basis.names.index, self.loops
        for number in self.basis.numbers:
            then = loops.FROM_ZERO if number.logged else loops.AS_THEY_ARE
            yield Source(at(number.name), number.name, number.at, then, number)
        for name in self.basis.unknown:
            yield Source(at(f"{name} unknown"), name, np.isnan, loops.UNKNOWN)
        for name in self.basis.stages:
            is_there = partial(np.equal, lifecycle.STAGES.index(name))
            yield Source(at(f"{STAGE} {name}"), STAGE, is_there, None)
        for name in self.basis.departments:
            yield Source(at(f"affinity:{name}"), f"affinity:{name}", bounded, loops.AFFINITIES)

    @cached_property
    def _features(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source.feature for source in self._sources))

    @cached_property
    def _products(self) -> Places:
        """(p, 3): the columns of two numbers, and of their product."""
        at, pairs = self.basis.names.index, combinations(self.basis.foremost, 2)
        return places([(at(one), at(other), at(f"{one} × {other}")) for one, other in pairs], 3)

    @cached_property
    def _eager_products(self) -> Places:
        """(f, 3): the columns of how eager members are, of a number, and of their product."""
        at = self.basis.names.index
        return places([(at(EAGER), at(name), at(f"{EAGER} × {name}")) for name in self.basis.foremost], 3)

    @cached_property
    def _plain(self) -> Places:
        """(g, 1): the general columns that do not tell how eager members are."""
        general = self.basis.names[: self.basis.general]
        return places([(at,) for at, name in enumerate(general) if name.split(" × ")[0] != EAGER], 1)

    @cached_property
    def _eager_weights(self) -> Rows:
        """(g,)"""
        return np.array(self.basis.eagerness.weights if self.basis.eagerness else (), dtype=np.float32)

    @cached_property
    def _bends(self) -> Places:
        """(b, 2): the columns of a number, and of what it is above a knot."""
        numbers = {number.name for number in self.basis.numbers}
        first = 1 + max((at for at, name in enumerate(self.basis.names) if name in numbers), default=0)
        bent = [number.name for number in self.basis.numbers for _ in number.knots]
        return places([(self.basis.names.index(name), first + at) for at, name in enumerate(bent)], 2)

    @cached_property
    def _knots(self) -> Rows:
        return np.array([knot for number in self.basis.numbers for knot in number.knots], dtype=np.float32)
