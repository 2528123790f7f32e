"""Who is in the segments that were named before the launch, by the profiles that the run decided by."""

import numpy as np

from analytics.gathering.members import Members
from campaigns import promising
from campaigns.models import Run
from loyalty import profiles, segmentation
from loyalty.profiles.positions import positions
from loyalty.refusal import Refused


def segments(run: Run, members: Members) -> dict[str, np.ndarray]:
    """(n,) who is in each segment by its name; none of those that can no longer be told."""
    named = run.promise.get("segments", [])
    if not named or run.snapshot is None:
        return {}
    try:
        everyone = profiles.opened(run.snapshot, on=run.snapshot.as_of)
    except Refused:  # the profiles of then are gone
        return {}
    at = positions(everyone.member_ids, members.ids)
    found = {}
    for each in named:
        rule = segmentation.parsed(each["rule"], everyone, find=promising.finding(each))
        found[each["name"]] = (at >= 0) & segmentation.inside(rule, everyone).mask()[at]
    return found
