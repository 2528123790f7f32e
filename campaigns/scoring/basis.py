"""The member basis: what all scorers know of a member, as one row of numbers, so that scoring is a matrix product.

It is made of what members do: what they buy, when, at which price, and what of ours they look at. It uses a feature
only where that may decide: its purpose is one of DECIDES and it is not sensitive. Age, tier, places and the retailer's
own columns are in no basis (docs/decisions/0018-what-an-offer-changes.md).

A number that is spread widely counts by its logarithm; it is held between what was usual when the basis was fitted, and
standardised. Some bend at their terciles, and the foremost are multiplied with one another. What is unknown is average,
and says so in a column of its own. Affinities count as they are, 1 for average, so that an effect may grow with them.
How eager members are is one more column, once that was learned, and multiplied with the foremost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring.eagerness import Eagerness
from campaigns.scoring.response import MOST_AFFINITY
from loyalty.profiling import dictionary, lifecycle
from loyalty.profiling.table import Feature, Profiles

DECIDES = frozenset(
    {dictionary.AUDIENCE, dictionary.RELEVANCE, dictionary.ATTENTION, dictionary.FIXED["interval_days"].purpose}
)

ONE = "one"
STAGE = "lifecycle"
EAGER = "eager"
FOREMOST = ("recency_days", "baskets_90", "average_basket", "discount_share", "opens_90")
OTHERS = (
    "baskets_30", "baskets_365", "spend_30", "spend_90", "spend_365", "interval_days", "lines_per_basket",
    "spend_trend", "tenure_days", "discount_sensitivity", "clicks_90", "views_90", "engaged_days",
)  # fmt: skip
AS_THEY_ARE = frozenset({"discount_share"})  # all others are spread widely, and count by their logarithms
BENT = frozenset({*FOREMOST, "spend_90", "tenure_days"})
FITTED_ON = 200_000
USUAL = (0.002, 0.998)
ROWS_AT_ONCE = 2**13
LEAST_UNKNOWN = 0.002  # of the members, for their being unknown to have a column

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Number:
    """How a feature becomes columns: by its logarithm (of 1 more) or as it is, held between `low` and `high`, less
    `centre`, over `scale`; and what it is above each of `knots`, in those units."""

    name: str
    logged: bool
    low: float
    high: float
    centre: float
    scale: float
    knots: tuple[float, ...]

    def at(self, values: NDArray[Any]) -> Rows:
        """(n,) standardised; 0 where unknown."""
        told = _told(values, logged=self.logged)
        np.clip(told, self.low, self.high, out=told)
        told -= np.float32(self.centre)
        told /= np.float32(self.scale)
        return np.nan_to_num(told, copy=False, nan=0.0)


@dataclass(frozen=True)
class Basis:
    """Which columns a row has, and the parameters that were fitted: `numbers`, the foremost first; `unknown`, the
    features whose being unknown has a column; `stages` of lifecycle; `departments` with an affinity; and what tells how
    eager members are, None in a plain basis."""

    numbers: tuple[Number, ...]
    unknown: tuple[str, ...]
    stages: tuple[str, ...]
    departments: tuple[str, ...]
    eagerness: Eagerness | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of the d columns: first those that respond to affinity, then what else is general, last the affinities."""
        return (
            ONE,
            *self.foremost,
            *(f"{one} × {other}" for one, other in combinations(self.foremost, 2)),
            *((EAGER, *(f"{EAGER} × {name}" for name in self.foremost)) if self.eagerness else ()),
            *(number.name for number in self.numbers if number.name not in FOREMOST),
            *(f"{number.name} above {knot:.2f}" for number in self.numbers for knot in number.knots),
            *(f"{name} unknown" for name in self.unknown),
            *(f"{STAGE} {stage}" for stage in self.stages),
            *(f"affinity:{department}" for department in self.departments),
        )

    @property
    def foremost(self) -> tuple[str, ...]:
        """The numbers that are multiplied with one another."""
        return tuple(number.name for number in self.numbers if number.name in FOREMOST)

    @property
    def proportional(self) -> int:
        """How many columns, the first ones, an effect may grow with as with affinity: everybody's and the foremost."""
        return 1 + len(self.foremost)

    @property
    def responding(self) -> int:
        """How many columns, the first ones, affinity may strengthen: those, products of the foremost, and the eager."""
        return self._eager.stop

    @property
    def general(self) -> int:
        """How many columns come ahead of the affinities."""
        return len(self.names) - len(self.departments)

    def rows(self, profiles: Profiles) -> Rows:
        """(n, d) float32, column after column in memory; a feature that is not there, or may not decide, is unknown."""
        found = np.empty((len(self.names), len(profiles)), dtype=np.float32)
        for row, column in zip(self._plain, self._columns(profiles), strict=True):
            found[row] = column
        self.put_eager(found)
        return found.T

    def put_eager(self, columns: Rows) -> None:
        """Into columns (d, n), of which all others are there, how eager members are, and that times the foremost."""
        if self.eagerness is None:
            return
        first, *products = self._eager
        columns[first] = self.eagerness.of(columns[row] for row in self._plain if row < self.general)
        for foremost, row in enumerate(products, start=1):
            np.multiply(columns[first], columns[foremost], out=columns[row])

    def with_eagerness(self, eagerness: Eagerness) -> "Basis":
        return replace(self, eagerness=eagerness)

    def widened(self, rows: Rows) -> Rows:
        """(n, d), from rows of the plain basis that this one is with eagerness."""
        found = np.empty((len(rows), len(self.names)), dtype=np.float32)
        for first in range(0, len(rows), ROWS_AT_ONCE):
            some = slice(first, first + ROWS_AT_ONCE)
            columns = np.empty((len(self.names), len(rows[some])), dtype=np.float32)
            columns[self._plain] = rows[some].T
            self.put_eager(columns)
            found[some] = columns.T
        return found

    @property
    def _eager(self) -> range:
        """The columns that tell how eager members are."""
        first = 1 + len(self.foremost) + comb(len(self.foremost), 2)
        return range(first, first + (1 + len(self.foremost) if self.eagerness else 0))

    @property
    def _plain(self) -> list[int]:
        """All other columns."""
        return [row for row in range(len(self.names)) if row not in self._eager]

    def _columns(self, profiles: Profiles) -> Iterator[NDArray[Any]]:
        raw = {number.name: _column(profiles, number.name) for number in self.numbers}
        at = {number.name: number.at(raw[number.name]) for number in self.numbers}
        stage = _column(profiles, STAGE)
        yield np.ones(len(profiles), dtype=np.float32)
        yield from (at[name] for name in self.foremost)
        yield from (at[one] * at[other] for one, other in combinations(self.foremost, 2))
        yield from (values for name, values in at.items() if name not in FOREMOST)
        for number in self.numbers:
            yield from (np.maximum(at[number.name] - np.float32(knot), 0) for knot in number.knots)
        yield from (np.isnan(raw[name]) for name in self.unknown)
        yield from (stage == lifecycle.STAGES.index(name) for name in self.stages)
        yield from (bounded(_column(profiles, f"affinity:{name}")) for name in self.departments)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Basis":
        numbers = tuple(Number(**{**number, "knots": tuple(number["knots"])}) for number in data["numbers"])
        told = data.get("eagerness")  # which scorers had not, of old
        eagerness = Eagerness.from_json(told) if told else None
        return cls(numbers, tuple(data["unknown"]), tuple(data["stages"]), tuple(data["departments"]), eagerness)


def fitted(profiles: Profiles) -> Basis:
    """The basis that these members suggest, by FITTED_ON of them at the most; features that tell nobody apart have no
    column."""
    some = profiles.take(np.arange(0, len(profiles), max(1, len(profiles) // FITTED_ON)))
    numbers = tuple(
        number for name in (*FOREMOST, *OTHERS) if (number := _number(name, _column(some, name))) is not None
    )
    return Basis(
        numbers=numbers,
        unknown=_unknown(some, [number.name for number in numbers]),
        stages=lifecycle.STAGES if may_decide(some, STAGE) else (),
        departments=tuple(sorted(name.removeprefix("affinity:") for name in _affinities(some))),
    )


def decides(feature: Feature) -> bool:
    """Whether what a feature is for allows it to decide which offer a member gets."""
    return feature.purpose in DECIDES and not feature.sensitive


def may_decide(profiles: Profiles, name: str) -> bool:
    """Whether these profiles have a feature that may."""
    return name in profiles.columns and decides(profiles.features[name])


def _affinities(profiles: Profiles) -> list[str]:
    return [name for name in profiles.columns if name.startswith("affinity:") and may_decide(profiles, name)]


def _column(profiles: Profiles, name: str) -> NDArray[Any]:
    if not may_decide(profiles, name):
        return np.full(len(profiles), np.nan, dtype=np.float32)
    return profiles.column(name)


def bounded(values: NDArray[Any]) -> Rows:
    """As `response.bounded`, in float32."""
    told = np.nan_to_num(np.array(values, dtype=np.float32), copy=False, nan=1.0)
    return np.clip(told, 0, MOST_AFFINITY, out=told)


def _told(values: NDArray[Any], *, logged: bool) -> Rows:
    told = np.array(values, dtype=np.float32)
    return np.log1p(np.maximum(told, 0, out=told), out=told) if logged else told


def _number(name: str, values: NDArray[Any]) -> Number | None:
    """None where it is the same for everybody who has it."""
    logged = name not in AS_THEY_ARE
    told = _told(values, logged=logged)
    known = told[~np.isnan(told)].astype(np.float64)
    if not known.size or known.min() == known.max():
        return None
    low, high = (float(each) for each in np.quantile(known, USUAL))
    if low == high:
        low, high = float(known.min()), float(known.max())
    known = np.clip(known, low, high)
    centre, scale = float(known.mean()), float(known.std())
    return Number(name, logged, low, high, centre, scale, _knots((known - centre) / scale) if name in BENT else ())


def _knots(standardised: NDArray[np.float64]) -> tuple[float, ...]:
    """The terciles, each once, and none at an end, where nothing bends."""
    terciles = np.unique(np.quantile(standardised, (1 / 3, 2 / 3)).round(6))
    return tuple(float(each) for each in terciles if standardised.min() < each < standardised.max())


def _unknown(profiles: Profiles, names: Sequence[str]) -> tuple[str, ...]:
    """The first of those that are unknown for the same members."""
    found: dict[bytes, str] = {}
    for name in names:
        is_unknown = np.isnan(_column(profiles, name))
        if LEAST_UNKNOWN <= is_unknown.mean() <= 1 - LEAST_UNKNOWN:
            found.setdefault(np.packbits(is_unknown).tobytes(), name)
    return tuple(found.values())
