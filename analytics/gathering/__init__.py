"""All that a report needs of the record, as arrays of members and sums of arms: no other part reads the database."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.body import Promise
from analytics.gathering import windows
from analytics.gathering.engagement import Engagement, engagement
from analytics.gathering.exposure import Exposure, exposure
from analytics.gathering.feed import Feed, Version, feed
from analytics.gathering.limits import limits
from analytics.gathering.members import Members, members
from analytics.gathering.parts import Parts, parts
from analytics.gathering.segments import segments
from analytics.gathering.spent import Spent, spent
from analytics.gathering.windows import DaySums, Values, Window
from analytics.metrics import MARGIN
from campaigns import responses
from campaigns.models import Campaign, Run
from campaigns.models.decision import HELD_OUT, TREATED

__all__ = ["DaySums", "Gathered", "Known", "Members", "Values", "Version", "gather"]


@dataclass(frozen=True)
class Known:
    """What earlier versions of a report fixed: the sizes beyond which values are held, what was in the record, and what
    had been promised."""

    clip_at: Mapping[str, float]
    versions: Sequence[Version]
    promise: Promise | None


@dataclass(frozen=True, eq=False)
class Gathered:
    """Of n members: `window` is what each came to in the outcome window so far, `alike` in the time just before of the
    same length, `before` in at least eight weeks before; (n,) for each metric.

    `clip_at` are the sizes beyond which values are held, fixed before anyone saw an outcome. `reached` (n,) were sent a
    message, or would have been; `segments` are masks (n,) by name. `promised` is as the first version of the report has
    it, None while there is none.
    """

    run: Run
    since: dt.datetime
    until: dt.datetime
    as_of: dt.datetime
    members: Members
    spent: Spent
    window: Window
    alike: Values
    before: Values
    clip_at: Mapping[str, float]
    reached: np.ndarray
    segments: Mapping[str, np.ndarray]
    parts: Parts
    engagement: Engagement
    exposure: Exposure
    feed: Feed
    promised: Promise | None = None

    @property
    def now(self) -> Values:
        return self.window.values

    @property
    def is_random(self) -> bool:
        return self.run.campaign.design == Campaign.Design.RANDOMISED

    @property
    def is_ours(self) -> bool:
        """Whether it was decided here, and not by another tool."""
        return not self.run.campaign.imported

    @property
    def is_open(self) -> bool:
        return self.as_of < self.run.outcomes_until

    @property
    def passed(self) -> float:
        """The share of the outcome window that has passed."""
        return (self.until - self.since) / (self.run.outcomes_until - self.since)

    @property
    def planned(self) -> Mapping[str, float]:
        """The share of each arm among all who were decided on, as far as it was planned."""
        if self.run.shares or self.run.share_held_out is None:
            return dict(self.run.shares)
        return {HELD_OUT: self.run.share_held_out, TREATED: 1 - self.run.share_held_out}


def gather(run: Run, *, as_of: dt.datetime, known: Known | None = None) -> Gathered:
    """Everything about a run as it is known at `as_of`, and as earlier versions of its report fixed it."""
    is_random = run.campaign.design == Campaign.Design.RANDOMISED
    since, until = run.outcomes_from, max(run.outcomes_from, min(run.outcomes_until, as_of))
    decided = members(run, with_the_rest=not is_random)
    costs = spent(run, decided, since=since, until=until)
    # A difference-in-differences wants what has passed so far, a limit on sizes what was planned.
    length = (run.outcomes_until if is_random else until) - since
    alike, before = windows.before(decided, since, length=length)
    clip_at = known.clip_at if known else limits(alike, since, length=length) if is_random else {}
    return Gathered(
        run=run,
        since=since,
        until=until,
        as_of=as_of,
        members=decided,
        spent=costs,
        window=windows.window(decided, costs, before, since=since, until=until, clip_at=clip_at.get(MARGIN)),
        alike=alike,
        before=before,
        clip_at=clip_at,
        reached=responses.reached(run, decided.ids),
        segments=segments(run, decided),
        parts=parts(run, decided, since=since, until=until),
        engagement=engagement(run, decided, until=until),
        exposure=exposure(run, decided, since=since, until=until),
        feed=feed(decided, known.versions if known else (), since=since, until=until),
        promised=known.promise if known else None,
    )
