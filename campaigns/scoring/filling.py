"""Rows of the member basis for many members, a block at a time: what `Basis.rows` says, to the last bit.

NumPy makes a column in many steps, of which each goes through memory; here loops are compiled for them. Whole numbers
of small types are looked up in a table of what each would be.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import kernels
from campaigns.scoring.basis import ONE, STAGE, Basis, Number, bounded, may_decide
from campaigns.scoring.response import MOST_AFFINITY
from loyalty.profiling import lifecycle
from loyalty.profiling.steps import Steps
from loyalty.profiling.table import Column, Profiles

SMALL, LARGE = (np.dtype(np.int8), np.dtype(np.int16)), np.dtype(np.int32)
FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
# Numbers between one column and the next, so that not all of them fall into the same places of a cache.
SPARE = 16

Rows = NDArray[np.float32]
Places = NDArray[np.intp]


def way(basis: Basis, *, pairs: int) -> Callable[[Profiles], Rows]:
    """What makes rows of a basis (n, d) of profiles, for so many pairs of members and offers in all."""
    columns = kernels.compiled("columns", pairs=pairs)
    return basis.rows if columns is None else Filling(basis, columns).rows


@dataclass(frozen=True, eq=False)
class Filling:
    """How rows of a basis are made by `loops`, which are those of `columns`."""

    basis: Basis
    loops: ModuleType
    tables: dict[tuple[Any, ...], Rows] = field(default_factory=dict)

    def rows(self, profiles: Profiles) -> Rows:
        """(n, d) float32, column after column in memory."""
        members = len(profiles)
        columns = np.empty((len(self.basis.names), members + SPARE), dtype=np.float32)
        found = dict(zip(self.basis.names, columns[:, :members], strict=True))
        found[ONE][:] = 1
        for number in self.basis.numbers:
            self._put_number(number, _raw(profiles, number.name), found[number.name])
        for name in self.basis.unknown:
            found[f"{name} unknown"][:] = _is_unknown(_raw(profiles, name))
        stage = _floats(_raw(profiles, STAGE))
        for name in self.basis.stages:
            found[f"{STAGE} {name}"][:] = stage == lifecycle.STAGES.index(name)
        for name in self.basis.departments:
            self._put_affinity(_raw(profiles, f"affinity:{name}"), found[f"affinity:{name}"])
        self.loops.derive(columns, members, self._products, *self._bends)
        self.basis.put_eager(columns[:, :members])
        return columns[:, :members].T

    def _put_number(self, number: Number, raw: Column | None, column: Rows) -> None:
        if raw is None:
            column[:] = 0
        elif isinstance(raw, Steps) and raw.counts.dtype in SMALL:
            self.loops.look_up(np.ascontiguousarray(raw.counts), self._table(number, raw), column)
        elif self._put(raw, column):
            self._standardise(number, column)
        else:
            column[:] = number.at(_floats(raw))

    def _put(self, raw: Column, column: Rows) -> bool:
        """As they are, where there is a loop for such numbers."""
        if isinstance(raw, Steps) and raw.counts.dtype == LARGE:
            self.loops.put_counts(np.ascontiguousarray(raw.counts), float(raw.per_unit), column)
        elif not isinstance(raw, Steps) and raw.dtype in FLOATS:
            self.loops.put_numbers(np.ascontiguousarray(raw), column)
        else:
            return False
        return True

    def _standardise(self, number: Number, column: Rows) -> None:
        if number.logged:
            self.loops.hold_from_zero(column)
            np.log1p(column, out=column)
        self.loops.standardise(column, number.low, number.high, number.centre, number.scale)

    def _put_affinity(self, raw: Column | None, column: Rows) -> None:
        if isinstance(raw, np.ndarray) and raw.dtype in FLOATS:
            self.loops.put_affinities(np.ascontiguousarray(raw), np.float32(MOST_AFFINITY), column)
        else:
            column[:] = 1 if raw is None else bounded(_floats(raw))

    def _table(self, number: Number, steps: Steps) -> Rows:
        """What a number would be for every count there may be, worked out once."""
        key = (number.name, steps.counts.dtype, steps.per_unit, steps.dtype)
        if key not in self.tables:
            extent = np.iinfo(steps.counts.dtype)
            counts = np.arange(extent.min, extent.max + 1).astype(steps.counts.dtype)
            self.tables[key] = number.at(Steps(counts, steps.per_unit, steps.dtype).floats())
        return self.tables[key]

    @cached_property
    def _products(self) -> Places:
        """(p, 3): the columns of two numbers, and of their product."""
        at, pairs = self.basis.names.index, combinations(self.basis.foremost, 2)
        found = [(at(one), at(other), at(f"{one} × {other}")) for one, other in pairs]
        return np.array(found, dtype=np.intp).reshape(-1, 3)

    @cached_property
    def _bends(self) -> tuple[Places, Rows]:
        """(b, 2) the columns of a number and of what it is above a knot, and the knots (b,)."""
        first = 1 + max((at for at, name in enumerate(self.basis.names) if name in self._numbers), default=0)
        knots = [(number.name, knot) for number in self.basis.numbers for knot in number.knots]
        places = [(self.basis.names.index(name), first + at) for at, (name, _) in enumerate(knots)]
        return np.array(places, dtype=np.intp).reshape(-1, 2), np.array([knot for _, knot in knots], dtype=np.float32)

    @property
    def _numbers(self) -> set[str]:
        return {number.name for number in self.basis.numbers}


def _raw(profiles: Profiles, name: str) -> Column | None:
    """As the profiles keep it, or None where they have it not or it may not decide."""
    return profiles.columns[name] if may_decide(profiles, name) else None


def _floats(raw: Column | None) -> NDArray[Any]:
    if raw is None:
        return np.full(1, np.nan, dtype=np.float32)
    return raw.floats() if isinstance(raw, Steps) else raw


def _is_unknown(raw: Column | None) -> NDArray[np.bool_]:
    if isinstance(raw, Steps):
        return np.asarray(raw.counts == raw.unknown_count)
    return np.asarray(np.isnan(_floats(raw)))
