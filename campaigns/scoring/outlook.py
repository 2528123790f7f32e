"""What is to be expected of members whatever we offer: whether they will stay away, and what they will bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.scoring import churn, filling, lifetime
from campaigns.scoring.basis import Basis
from campaigns.scoring.member_scorer import MemberScorer
from loyalty.profiling.table import Profiles

CHURN, LIFETIME = "churn", "lifetime"
RECENCY = "recency_days"
MEMBERS_AT_ONCE = 200_000


@dataclass(frozen=True, eq=False)
class Outlook:
    """Of one `kind`: the chance that a member stays away for `window_days` (CHURN), or the margin in money that they
    bring in them (LIFETIME). `basis` says in a sentence what it was learned from."""

    kind: str
    members: Basis
    scorer: MemberScorer
    basis: str

    @property
    def learned_from(self) -> int:
        return self.scorer.learned_from

    @property
    def window_days(self) -> int:
        return self.scorer.window_days

    def scores(self, profiles: Profiles) -> NDArray[np.float32]:
        """(n,) for n members, NaN where there is none: for members who never bought, and of who will stay away for
        those who did so already."""
        found = np.full(len(profiles), np.nan, dtype=np.float32)
        at = np.flatnonzero(counts(self.kind, profiles, window_days=self.window_days))
        rows = filling.way(self.members, pairs=len(at))
        for first in range(0, len(at), MEMBERS_AT_ONCE):
            some = at[first : first + MEMBERS_AT_ONCE]
            found[some] = self.scorer.scores(rows(profiles.take(some)))
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "members": self.members.to_json(),
            "scorer": self.scorer.to_json(),
            "basis": self.basis,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Outlook":
        scorer = MemberScorer.from_json(data["scorer"])
        return cls(data["kind"], Basis.from_json(data["members"]), scorer, data["basis"])


def counts(kind: str, profiles: Profiles, *, window_days: int) -> NDArray[np.bool_]:
    """(n,): of whom there is something to expect: who ever bought, and for CHURN who still came lately."""
    recency = np.asarray(profiles.column(RECENCY))
    return churn.is_active(recency, window_days=window_days) if kind == CHURN else ~np.isnan(recency)


def learn(
    kind: str,
    members: Basis,
    profiles: Profiles,
    came: NDArray[np.bool_],
    margin: NDArray[np.float64],
    *,
    window_days: int,
) -> Outlook:
    """From n members as of a day: whether each came within the window after it, and the margin they brought in money.

    NotMeasured where the same came of all of them.
    """
    counted = np.flatnonzero(counts(kind, profiles, window_days=window_days))
    some = profiles.take(counted)
    rows = members.rows(some)
    if kind == CHURN:
        recency = np.asarray(some.column(RECENCY))
        scorer = churn.fitted(rows, recency, came[counted], window_days=window_days, members=some.member_ids)
    else:
        scorer = lifetime.fitted(rows, margin[counted], window_days=window_days, members=some.member_ids)
    sentence = (
        f"Learned from what {len(counted):,} members did in {window_days} days from {profiles.as_of:%-d %B %Y} on."
    )
    return Outlook(kind, members, scorer, sentence)
