"""The features of offers: what a new offer has in common with past ones, from which it has weights at once.

An offer is described on five levels: what all offers share, its kind, its numbers (how deep it is for its kind, the
minimum spend, the reward cost, how long it has run), its department, and itself, if it was given before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offers.rules.terms import ALWAYS, KINDS, TermsTable

NUMBERS = ("depth", "minimum spend", "reward cost", "weeks")
LEVELS = ("any", "kind", "number", "department", "offer")
DAYS_PER_WEEK = 7
MOST_KNOWN = 60  # offers that have weights of their own
LEAST_SPREAD = 0.05

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Span:
    """What a number was among past offers; a number that never differed says nothing of new ones."""

    centre: float
    spread: float

    def at(self, values: Array) -> Array:
        """Standardised, within 3 spreads of the centre; 0 where unknown."""
        if self.spread < LEAST_SPREAD:
            return np.zeros(len(values))
        return np.clip(np.nan_to_num((values - self.centre) / self.spread), -3, 3)


@dataclass(frozen=True)
class Offering:
    """The columns that describe offers: kinds, departments and references of past offers, and what their numbers were;
    `depth` by kind."""

    kinds: tuple[str, ...]
    departments: tuple[str, ...]
    known: tuple[str, ...]
    numbers: Mapping[str, Span]
    depth: Mapping[str, Span]

    @property
    def names(self) -> tuple[str, ...]:
        return ("any", *self.kinds, *NUMBERS, *self.departments, *self.known)

    @property
    def levels(self) -> NDArray[np.int8]:
        """(f,) positions in LEVELS, one per column."""
        sizes = (1, len(self.kinds), len(NUMBERS), len(self.departments), len(self.known))
        return np.repeat(np.arange(len(LEVELS), dtype=np.int8), sizes)

    def rows(self, terms: TermsTable, *, day: NDArray[np.integer[Any]] | int) -> Array:
        """(k, f) float64 for k offers as of a day each, or one for all, in days since 1970-01-01."""
        told = {**_numbers(terms, day), "depth": _depth(terms)}
        depth = np.zeros(len(terms))
        for kind, span in self.depth.items():
            of_kind = np.asarray(terms.kinds) == kind
            depth[of_kind] = span.at(told["depth"][of_kind])
        numbers = [depth, *(self.numbers[name].at(told[name]) for name in NUMBERS[1:])]
        return np.column_stack(
            [
                np.ones(len(terms)),
                _one_hot(terms.kinds, self.kinds),
                *numbers,
                _one_hot(terms.departments, self.departments),
                _one_hot(terms.offer_refs, self.known),
            ]
        )

    def is_known(self, terms: TermsTable) -> NDArray[np.bool_]:
        """(k,): has an offer weights of its own?"""
        return np.array([ref in self.known for ref in terms.offer_refs], dtype=np.bool_)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Offering":
        spans = {name: {key: Span(**span) for key, span in data[name].items()} for name in ("numbers", "depth")}
        return cls(tuple(data["kinds"]), tuple(data["departments"]), tuple(data["known"]), **spans)


NONE = Offering((), (), (), {name: Span(0.0, 0.0) for name in NUMBERS[1:]}, {})


def fitted(terms: TermsTable, *, day: NDArray[np.integer[Any]], given: NDArray[np.integer[Any]]) -> Offering:
    """The columns that these past offers (K,) suggest; the MOST_KNOWN that were `given` most have some of their own."""
    numbers, depth = _numbers(terms, day), _depth(terms)
    by_ref: dict[str, int] = {}
    for ref, decisions in zip(terms.offer_refs, given.tolist(), strict=True):
        by_ref[ref] = by_ref.get(ref, 0) + decisions
    most = sorted((ref for ref, decisions in by_ref.items() if decisions), key=lambda ref: (-by_ref[ref], ref))
    of_kind = {kind: np.asarray(terms.kinds) == kind for kind in KINDS if kind in terms.kinds}
    return Offering(
        kinds=tuple(of_kind),
        departments=tuple(sorted({department for department in terms.departments if department})),
        known=tuple(sorted(most[:MOST_KNOWN])),
        numbers={name: _span(values) for name, values in numbers.items()},
        depth={kind: _span(depth[rows]) for kind, rows in of_kind.items()},
    )


def _numbers(terms: TermsTable, day: NDArray[np.integer[Any]] | int) -> dict[str, Array]:
    """By their logarithms, for 1 to 2 is as much of a step as 10 to 20; weeks are unknown without a beginning."""
    weeks = np.maximum(day - terms.valid_from.astype(np.int64), 0) / DAYS_PER_WEEK
    told = {
        "minimum spend": np.log1p(terms.minimum_spend),
        "reward cost": np.log1p(terms.reward_cost),
        "weeks": np.where(terms.valid_from == ALWAYS, np.nan, np.log1p(weeks)),
    }
    return {name: np.asarray(values, dtype=np.float64) for name, values in told.items()}


def _depth(terms: TermsTable) -> Array:
    return np.log1p(np.maximum(terms.value, 0.0))


def _span(values: Array) -> Span:
    known = values[~np.isnan(values)]
    return Span(float(known.mean()), float(known.std())) if known.size else Span(0.0, 0.0)


def _one_hot(words: Sequence[str | None], among: Sequence[str]) -> Array:
    return np.array([[word == each for each in among] for word in words], dtype=np.float64).reshape(
        len(words), len(among)
    )
