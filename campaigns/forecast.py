"""How many members a draft would reach, before anything is computed for each of them."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_

from campaigns import holdouts
from campaigns.assignment.holdout import Arm
from campaigns.funnel import Funnel, Stage
from campaigns.models import Campaign
from loyalty import clock, segmentation
from loyalty.profiling.segments import Bitset
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused
from loyalty.segmentation.reachable import reachable


@dataclass(frozen=True, eq=False)
class Reach:
    """Whom a draft is for among all members of a snapshot, and who of those may be contacted."""

    members: Profiles
    audience: Bitset
    contactable: Bitset


def forecast(campaign: Campaign, *, at: dt.datetime) -> Funnel | None:
    """From all members to about as many as will be treated, as far as the plan says; `at` is now.

    None while `reach` is not known. Who may have which offer is not looked at.
    """
    found = reach(campaign, at=at)
    if found is None:
        return None
    reached = found.contactable.count
    shares = holdouts.layers(campaign, holdouts.current(clock.local_day(at))).shares
    treated = round(reached * float(shares[Arm.TREATED] + shares[Arm.GENERIC]))
    return Funnel(
        (
            Stage("members", "All members", len(found.members)),
            Stage("audience", "In the segment", found.audience.count),
            Stage("contactable", "May be contacted", reached),
            Stage("treated", "Not held out, about", treated),
        )
    )


def reach(campaign: Campaign, *, at: dt.datetime) -> Reach | None:
    """None while the campaign has no segment, or one that cannot be counted, and while consent is read for the first
    time."""
    if campaign.segment is None:
        return None
    try:
        members = segmentation.current_profiles(on=clock.local_day(at))
        rule = segmentation.parsed(campaign.segment.current().rule, members)
    except Refused:
        return None
    audience = segmentation.inside(rule, members)
    known = [reachable(members, channel, at=at) for channel in campaign.channels]
    if any(channel is None for channel in known):
        return None
    by_any = reduce(or_, [channel.inside for channel in known if channel], Bitset.nobody(len(members)))
    return Reach(members, audience, audience & by_any)
