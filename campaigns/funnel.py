"""How many members are left after each stage of a plan, and why the others left."""

from dataclasses import asdict, dataclass

import numpy as np

from offers.rules.eligibility import REASONS


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
    *,
    everyone: int,
    audience: tuple[int, int, int],
    kept_from_all: np.ndarray,
    decided: int,
    universal: int,
    held_out: int,
    assigned: int,
) -> Funnel:
    """From all members to those who get an offer.

    `audience` is how many are in the segment, are reached by a channel, and may be sent something yet;
    `kept_from_all` how many of these may have no offer, by REASONS.
    """
    inside, reached, sendable = audience
    treated = decided - universal - held_out
    why_held_out = (
        *_left("take part in nothing this year", universal),
        *_left("held out to measure lift", held_out),
    )
    why_not_sent = (
        *_left("no consent for its channels", inside - reached),
        *_left("were sent as many offers as one may get", reached - sendable),
    )
    none = zip(REASONS, kept_from_all.tolist(), strict=True)
    return Funnel(
        (
            Stage("members", "All members", everyone),
            Stage("audience", "In the segment", inside, _left("not in the segment", everyone - inside)),
            Stage("contactable", "May be contacted", sendable, why_not_sent),
            Stage("eligible", "Eligible for an offer", decided, tuple((why, count) for why, count in none if count)),
            Stage("treated", "Not held out", treated, why_held_out),
            Stage(
                "assigned", "Assigned an offer", assigned, _left("nothing was worth it, or limits", treated - assigned)
            ),
        )
    )


def _left(reason: str, members: int) -> tuple[tuple[str, int], ...]:
    return ((reason, members),) if members else ()
