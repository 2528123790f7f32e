"""How many members are left after each stage of a plan, and why the others left."""

from dataclasses import asdict, dataclass

import numpy as np

from offers.rules.eligibility import REASONS, Eligibility


@dataclass(frozen=True)
class Stage:
    """`count` members are left after it; `reasons` say why the others left, and how many."""

    name: str
    label: str
    count: int
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Funnel:
    stages: tuple[Stage, ...]

    def as_json(self) -> list[dict[str, object]]:
        return [asdict(stage) for stage in self.stages]


def funnel(
    *, everyone: int, audience: int, reached: int, open_to: Eligibility, held_out: np.ndarray, offer: np.ndarray
) -> Funnel:
    """From all members to those who get an offer; `held_out` and `offer` (-1 for nothing) are of those decided on."""
    decided, treated, assigned = len(held_out), int((~held_out).sum()), int((offer >= 0).sum())
    return Funnel(
        (
            Stage("members", "All members", everyone),
            Stage("audience", "In the segment", audience, _left("not in the segment", everyone - audience)),
            Stage("contactable", "May be contacted", reached, _left("no consent for its channels", audience - reached)),
            Stage("eligible", "Eligible for an offer", decided, why_none(open_to)),
            Stage("treated", "Not held out", treated, _left("held out to measure lift", decided - treated)),
            Stage(
                "assigned", "Assigned an offer", assigned, _left("nothing was worth it, or limits", treated - assigned)
            ),
        )
    )


def why_none(open_to: Eligibility) -> tuple[tuple[str, int], ...]:
    """Members who may have no offer at all, by the reason that keeps most offers from them."""
    none = open_to.reason[~open_to.allowed.any(axis=1)]
    if not none.size:
        return ()
    per_reason = np.stack([(none == reason).sum(axis=1) for reason in range(len(REASONS))], axis=1)
    members = np.bincount(per_reason.argmax(axis=1), minlength=len(REASONS))
    return tuple((REASONS[reason], int(count)) for reason, count in enumerate(members) if count)


def _left(reason: str, members: int) -> tuple[tuple[str, int], ...]:
    return ((reason, members),) if members else ()
