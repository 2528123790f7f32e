"""What a run will do, before any of it is done: the same object for a dry run and a live one."""

import shutil
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from campaigns.assignment.holdout import Arm
from campaigns.assignment.solver import Assignment
from campaigns.funnel import Funnel
from loyalty.profiling.cores import share
from loyalty.profiling.disk import flush, flush_names


@dataclass(frozen=True)
class Plan:
    """Who is decided on and what, n members ordered by id.

    `arm` and `explored` (n,) say in which `Arm` chance put each, and whose offer it drew. Of up to `each` offers per
    member, the best first: `offer` (n, each) is the position in the run's offers of what is given, `withheld` of what a
    held-out member would have been given, -1 for nothing; `score` the expected incremental margin of either in money;
    `probability` the chance that the design gave this member this decision.
    """

    member_ids: np.ndarray
    arm: np.ndarray
    explored: np.ndarray
    offer: np.ndarray
    withheld: np.ndarray
    score: np.ndarray
    probability: np.ndarray

    def __len__(self) -> int:
        return len(self.member_ids)

    @property
    def held_out(self) -> np.ndarray:
        """(n,): who is given nothing, because a holdout of the campaign or of the programme took them."""
        return np.asarray((self.arm == Arm.HELD_OUT) | (self.arm == Arm.UNIVERSAL))

    @property
    def has_any(self) -> np.ndarray:
        """(n,): for whom the policy chose something, given or withheld."""
        return np.asarray((self.offer[:, 0] >= 0) | (self.withheld[:, 0] >= 0))

    @property
    def arms(self) -> dict[str, int]:
        """How many members are in each arm that has any, by its name in the log."""
        counts = np.bincount(self.arm, minlength=len(Arm)).tolist()
        return {arm.label: counts[arm] for arm in Arm if counts[arm]}

    @property
    def decisions(self) -> int:
        """One for each offer that is given or withheld, and one for each member for whom none was chosen."""
        more = np.count_nonzero(self.offer[:, 1:] >= 0) + np.count_nonzero(self.withheld[:, 1:] >= 0)
        return int(more) + len(self)

    def between(self, first: int, last: int) -> "Plan":
        """The part about members with ids from `first` to `last`, both included."""
        low, high = np.searchsorted(self.member_ids, [first, last + 1])
        return replace(self, **{field.name: getattr(self, field.name)[low:high] for field in fields(self)})

    def save(self, path: Path) -> None:
        """Write a directory of columns to `path`, whole and durable or not at all, in place of what is there."""
        draft = path.with_name(f"{path.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        share(lambda field: _write(draft / f"{field.name}.npy", getattr(self, field.name)), fields(self))
        flush_names(draft)
        shutil.rmtree(path, ignore_errors=True)
        draft.rename(path)
        flush_names(path.parent)

    @classmethod
    def load(cls, path: Path) -> "Plan":
        """The plan with its columns memory-mapped, so that a part of it is all that is read."""
        return cls(**{field.name: _mapped(path / f"{field.name}.npy") for field in fields(cls)})


def _write(path: Path, column: np.ndarray) -> None:
    with path.open("wb") as file:
        np.save(file, column, allow_pickle=False)
        flush(file)


def _mapped(path: Path) -> np.ndarray:
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # a file without rows has nothing to map
        return np.asarray(np.load(path, allow_pickle=False))


@dataclass(frozen=True)
class Planned:
    """A plan with what explains it: the funnel, and what the assignment used, earned and priced."""

    plan: Plan
    funnel: Funnel
    assignment: Assignment
