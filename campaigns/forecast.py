"""How many members a draft would reach, before anything is computed for each of them."""

import numpy as np

from campaigns.funnel import Funnel, Stage
from campaigns.models import Campaign
from loyalty import consent, segmentation
from loyalty.profiling import segments
from loyalty.refusal import Refused


def forecast(campaign: Campaign) -> Funnel | None:
    """From all members to about as many as will be treated, as far as the plan says.

    None while the campaign has no segment, or one that cannot be counted. Who may have which offer is not looked at.
    """
    if campaign.segment is None:
        return None
    try:
        members = segmentation.current_profiles()
        rule = segmentation.parsed(campaign.segment.current().rule, members)
    except Refused:
        return None
    audience = members.member_ids[segments.matching(rule, members)]
    reachable: set[int] = set().union(*(consent.contactable(channel) for channel in campaign.channels))
    reached = int(np.isin(audience, list(reachable)).sum())
    held_out = round(reached * float(campaign.share_held_out))
    return Funnel(
        (
            Stage("members", "All members", len(members)),
            Stage("audience", "In the segment", len(audience)),
            Stage("contactable", "May be contacted", reached),
            Stage("treated", "Not held out, about", reached - held_out),
        )
    )
