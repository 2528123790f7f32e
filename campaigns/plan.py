"""What a run will do, before any of it is done: the same object for a dry run and a live one."""

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from campaigns.assignment.optimiser import Assignment
from campaigns.funnel import Funnel


@dataclass(frozen=True)
class Plan:
    """Who is decided on and what: arrays of one length, ordered by member id.

    `offer` is a position in the run's offers, -1 for nothing; `score` is the expected incremental margin in money (for
    the held out: of the best offer they were eligible for); `probability` is the chance that the design gave this
    member this decision.
    """

    member_ids: np.ndarray
    held_out: np.ndarray
    offer: np.ndarray
    score: np.ndarray
    probability: np.ndarray

    def between(self, first: int, last: int) -> "Plan":
        """The part about members with ids from `first` to `last`, both included."""
        low, high = np.searchsorted(self.member_ids, [first, last + 1])
        return replace(self, **{field.name: getattr(self, field.name)[low:high] for field in fields(self)})

    def save(self, path: Path) -> None:
        """Write to `path` whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            np.savez(file, **{field.name: getattr(self, field.name) for field in fields(self)})
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Plan":
        with np.load(path) as columns:
            return cls(**{field.name: columns[field.name] for field in fields(cls)})


@dataclass(frozen=True)
class Planned:
    """A plan with what explains it: the funnel, and what the assignment used, earned and priced."""

    plan: Plan
    funnel: Funnel
    assignment: Assignment
