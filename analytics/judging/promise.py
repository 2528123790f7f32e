"""What was promised at the launch, with how small a lift the campaign could tell by what its members did before."""

import datetime as dt

from analytics.body import Promise
from analytics.gathering import Gathered
from analytics.measurement import moments, tails
from analytics.measurement.lift import NotMeasured
from analytics.measurement.power import DetectableLift, detectable_lift
from campaigns.models.decision import HELD_OUT, TREATED


def promise(gathered: Gathered) -> Promise | None:
    """As it was locked; None where nothing was, as of another tool's campaign. How small a lift could be told is fixed
    with the first version of the report: purchases of the time before that come in late do not change it."""
    if gathered.promised:
        return gathered.promised
    run = gathered.run
    if not run.promise_digest:
        return None
    detectable = _detectable(gathered, run.promise["metric"], run.promise["level"])
    return Promise(
        hypothesis=run.promise["hypothesis"],
        metric=run.promise["metric"],
        design=run.promise["design"],
        exit_criterion=run.promise["exit_criterion"],
        outcome_days=run.promise["outcome_days"],
        detectable=detectable.absolute if detectable else None,
        detectable_relative=detectable.relative if detectable else None,
        level=run.promise["level"],
        segments=tuple(each["name"] for each in run.promise["segments"]),
        locked_at=run.started_at.astimezone(dt.UTC),
        digest=run.promise_digest,
    )


def _detectable(gathered: Gathered, metric: str, level: float) -> DetectableLift | None:
    members = gathered.members
    treated, held_out = members.count(TREATED), members.count(HELD_OUT)
    if metric not in gathered.alike or not treated or not held_out:
        return None
    # With values held as the headline has them; adjustment makes it smaller still.
    before = tails.clipped(gathered.alike[metric], gathered.clip_at.get(metric, float("inf")))
    found = detectable_lift(
        moments.of(before),
        members=treated + held_out,
        share_held_out=held_out / (treated + held_out),
        level=level,
    )
    return None if isinstance(found, NotMeasured) else found
