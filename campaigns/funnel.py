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


@dataclass(frozen=True)
class Counts:
    """Of the members decided on: how many they are, how many the programme's and the campaign's holdout took, and how
    many are assigned something.

    Of the others, `unworthy` are those for whom no offer open to them would be worth it even without limits, and
    `not_for_them` those of the generic group whom its one offer does not suit; the limits left nothing for the rest.
    """

    decided: int
    universal: int
    held_out: int
    assigned: int
    unworthy: int
    not_for_them: int

    @property
    def treated(self) -> int:
        return self.decided - self.universal - self.held_out

    @property
    def left_out(self) -> int:
        return self.treated - self.assigned - self.unworthy - self.not_for_them


def funnel(
    *,
    everyone: int,
    audience: tuple[int, int, int],
    kept_from_all: np.ndarray,
    counts: Counts,
) -> Funnel:
    """From all members to those who get an offer.

    `audience` is how many are in the segment, are reached by a channel, and may be sent something yet;
    `kept_from_all` how many of these may have no offer, by REASONS.
    """
    inside, reached, sendable = audience
    why_not_sent = (
        *_left("no consent for its channels", inside - reached),
        *_left("were sent as many offers as one may get", reached - sendable),
    )
    none = zip(REASONS, kept_from_all.tolist(), strict=True)
    eligible = tuple((why, count) for why, count in none if count)
    return Funnel(
        (
            Stage("members", "All members", everyone),
            Stage("audience", "In the segment", inside, _left("not in the segment", everyone - inside)),
            Stage("contactable", "May be contacted", sendable, why_not_sent),
            Stage("eligible", "Eligible for an offer", counts.decided, eligible),
            Stage("treated", "Not held out", counts.treated, _why_held_out(counts)),
            Stage("assigned", "Assigned an offer", counts.assigned, _why_nothing(counts)),
        )
    )


def _why_held_out(counts: Counts) -> tuple[tuple[str, int], ...]:
    return (
        *_left("take part in nothing this year", counts.universal),
        *_left("held out to measure lift", counts.held_out),
    )


def _why_nothing(counts: Counts) -> tuple[tuple[str, int], ...]:
    return (
        *_left("no offer open to them was worth its cost", counts.unworthy),
        *_left("an offer was worth it, but the limits went to others", counts.left_out),
        *_left("the one offer of the generic group was not for them", counts.not_for_them),
    )


def _left(reason: str, members: int) -> tuple[tuple[str, int], ...]:
    return ((reason, members),) if members else ()
