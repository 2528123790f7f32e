"""Before the launch: how small a lift the planned campaign could tell from chance, by what its audience did lately."""

import datetime as dt
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

from analytics import earlier
from analytics.gathering.limits import LEAST_BUYERS
from analytics.measurement import moments, power, tails
from analytics.measurement.lift import NotMeasured
from analytics.measurement.moments import Paired
from analytics.measurement.power import DetectableLift
from campaigns import forecast, holdouts
from campaigns.forecast import Reach
from campaigns.models import Campaign
from loyalty import clock

AT_MOST = 20_000  # members whose purchases are looked at: their spread is known to 3 % then, and read in a second
SHARES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
SMALL = 0.1  # a lift that hardly any campaign reaches: whoever sees only more than that mostly sees nothing

MOST_FORETOLD = 0.99  # of a metric that never changes, nothing would be left to tell lifts from

Detectable = DetectableLift | NotMeasured

NO_AUDIENCE = "Choose a segment and a channel first: what can be detected depends on who the campaign is for."
COUNTING = "Who may be contacted is being counted for the first time: this takes a moment."
NOBODY = "Nobody in the segment may be contacted by these channels: widen the audience."


@dataclass(frozen=True)
class Plan:
    """What a reader asks about: `share` of the members held out, outcomes counted over `days`."""

    metric: str
    share: float
    days: int


@dataclass(frozen=True)
class Point:
    """What would be seen with a share held out: by what members did before, and without it."""

    share: float
    detectable: Detectable
    plain: Detectable


@dataclass(frozen=True)
class Needed:
    """What it takes to see a wanted lift: a share of these members held out, or, where none does, so many members."""

    wanted: float
    share: float | None
    members: int | None


@dataclass(frozen=True)
class Power:
    """What `members` in the comparison allow.

    `looked_at` of them were asked what they did in the `window`; `r_squared` is what the time before foretells of it.
    """

    plan: Plan
    members: int
    looked_at: int
    window: earlier.Window
    mean: float
    r_squared: float
    detectable: Detectable
    curve: tuple[Point, ...]

    @property
    def is_small(self) -> bool:
        """Whether a lift of a usual size would be seen."""
        relative = getattr(self.detectable, "relative", None)
        return relative is not None and relative <= SMALL


def powering(campaign: Campaign, plan: Plan, *, at: dt.datetime) -> Power | NotMeasured:
    """What the campaign could detect with its audience as it is saved, planned so; `at` is now."""
    reach = forecast.reach(campaign, at=at)
    if reach is None:
        return NotMeasured(COUNTING if campaign.segment and campaign.channels else NO_AUDIENCE)
    if not reach.contactable.count:
        return NotMeasured(NOBODY)
    window = earlier.Window(clock.start_of(reach.members.as_of), plan.days)
    known = _history(reach, plan.metric, window)
    if isinstance(known, NotMeasured):
        return known
    return _power(plan, known, window, members=_compared(reach, on=clock.local_day(at)))


def needed(found: Power, wanted: float) -> Needed | None:
    """What it would take to see a lift of a `wanted` share of the mean; None where nothing can be said.

    The detectable lift goes by 1 / √(h (1 - h) N) for a share h of N members.
    """
    relative = getattr(found.detectable, "relative", None)
    if relative is None:
        return None
    spread = found.plan.share * (1 - found.plan.share) * (relative / wanted) ** 2
    if spread <= 0.25:
        return Needed(wanted, (1 - sqrt(1 - 4 * spread)) / 2, None)
    return Needed(wanted, None, ceil(found.members * spread / 0.25))


def _history(reach: Reach, metric: str, window: earlier.Window) -> Paired | NotMeasured:
    """Of members spread evenly over the audience, with values held as the report will hold them."""
    some = reach.members.member_ids[reach.contactable.spread(AT_MOST)]
    found = earlier.outcomes(some, metric, window)
    if isinstance(found, NotMeasured):
        return found
    return moments.paired(*(_held(each) for each in found))


def _held(values: np.ndarray) -> np.ndarray:
    """(n,) with none beyond what 1 in 1,000 of those who bought exceeds, where so many bought."""
    bought = values[values != 0]
    return values if len(bought) < LEAST_BUYERS else tails.clipped(values, tails.threshold(bought))


def _compared(reach: Reach, *, on: dt.date) -> int:
    """The members whom the campaign compares: the programme's own holdouts are in neither arm."""
    draw, members = holdouts.current(on), reach.contactable.count
    return round(members * (1 - float(draw.universal_share)) * (1 - float(draw.generic_share))) if draw else members


def _power(plan: Plan, known: Paired, window: earlier.Window, *, members: int) -> Power:
    r_squared = min(known.correlation**2, MOST_FORETOLD)

    def at(share: float) -> Point:
        adjusted, plain = (
            power.detectable_lift(known.outcome, members=members, share_held_out=share, r_squared=foretold)
            for foretold in (r_squared, 0.0)
        )
        return Point(share, adjusted, plain)

    return Power(
        plan=plan,
        members=members,
        looked_at=known.n,
        window=window,
        mean=known.outcome.mean,
        r_squared=r_squared,
        detectable=at(plan.share).detectable,
        curve=tuple(at(share) for share in sorted({*SHARES, plan.share})),
    )


def planned(campaign: Campaign) -> Plan:
    """The plan as it is saved; a campaign that does not say by what it is judged is judged by margin."""
    metric = campaign.primary_metric or Campaign.Metric.MARGIN
    return Plan(metric, float(campaign.share_held_out), campaign.outcome_days)


def as_entered(plan: Plan, *, per_cent: float | None, days: int | None) -> Plan:
    """The plan as it is being typed."""
    return replace(plan, share=per_cent / 100 if per_cent else plan.share, days=days or plan.days)
