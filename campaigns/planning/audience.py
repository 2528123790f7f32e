"""Whom a campaign may decide on: who is in its segment, whom its channels reach, and who may be sent something yet."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns import responses
from campaigns.models import Campaign
from campaigns.planning.inputs import Inputs
from loyalty import aliases, clock, consent, segmentation
from loyalty.profiles.positions import positions
from loyalty.profiling.table import Profiles
from loyalty.segmentation import reachable, recorded

ASKED_EACH = 5_000  # of so few members consent is read for each, and of more for everybody
ROW = np.int32


@dataclass(frozen=True, eq=False)
class Audience:
    """Those of all members who may be decided on: r of them, by row, ascending.

    `reach` (r,) says by which of the campaign's channels: the bit of a channel's position is set where it reaches the
    member. `most` (r,) is how many offers each may still be sent, None where that has no limit. `counts` are how many
    are in the segment, are reached, and may be sent something yet.
    """

    rows: NDArray[np.int32]
    reach: NDArray[np.uint8]
    most: NDArray[np.uint8] | None
    counts: tuple[int, int, int]


def of(everyone: Profiles, inputs: Inputs) -> Audience:
    """The audience of a campaign, as consent and messages stand in the record now."""
    inside = in_segment(everyone, inputs)
    reach = by_channel(everyone, inputs.campaign)
    rows = np.flatnonzero(inside & (reach > 0)).astype(ROW)
    most, reached = still_to_send(everyone, rows, inputs), len(rows)
    if most is not None:
        rows, most = rows[most > 0], most[most > 0]
    return Audience(rows, reach[rows], most, (int(inside.sum()), reached, len(rows)))


def in_segment(everyone: Profiles, inputs: Inputs) -> NDArray[np.bool_]:
    """(n,): who is in the campaign's segment, by the version that was recorded."""
    find = recorded.finding(inputs.asked_versions)
    rule = segmentation.parsed(inputs.segment_version.rule, everyone, find=find)
    return segmentation.inside(rule, everyone).mask()


def by_channel(members: Profiles, campaign: Campaign) -> NDArray[np.uint8]:
    """(n,): by which of the campaign's channels each member may be contacted, one bit per channel."""
    reach = np.zeros(len(members), dtype=np.uint8)
    for bit, channel in enumerate(campaign.channels):
        reach |= contactable(members, channel).astype(np.uint8) << np.uint8(bit)
    return reach


def contactable(members: Profiles, channel: str) -> NDArray[np.bool_]:
    """(n,): who may be contacted by a channel; the same as `consent.contactable` says of each."""
    if len(members) <= ASKED_EACH:
        agreed = consent.contactable(channel, members=members.member_ids.tolist())
        return np.isin(members.member_ids, np.fromiter(agreed, dtype=np.int64, count=len(agreed)))
    inside = reachable.contactable(members, channel)
    # Several who are one person are few, and what each of them said is weighed together.
    people = aliases.people()
    asked = [member for person in people for member in person.members]
    inside[_rows(members, asked)] = False
    agreed = consent.contactable(channel, members=[person.survivor for person in people]) if people else set()
    inside[_rows(members, agreed)] = True
    return inside


def still_to_send(everyone: Profiles, rows: NDArray[np.int32], inputs: Inputs) -> NDArray[np.uint8] | None:
    """How many offers each of these may be sent beside what all campaigns sent them lately; None without a limit."""
    campaign = inputs.campaign
    if campaign.contacts_per_member is None:
        return None
    since = clock.start_of(inputs.on - dt.timedelta(days=max(campaign.contact_days, 1) - 1))
    sent = responses.offers_sent(everyone.member_ids[rows], since=since)
    most = min(campaign.contacts_per_member, np.iinfo(np.uint8).max)
    return np.asarray(np.maximum(most - sent, 0), dtype=np.uint8)


def _rows(members: Profiles, ids: list[int] | set[int]) -> NDArray[np.int64]:
    found = positions(members.member_ids, np.fromiter(ids, dtype=np.int64, count=len(ids)))
    return np.asarray(found[found >= 0])
