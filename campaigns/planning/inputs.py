"""Everything a plan depends on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns import holdouts
from campaigns.assignment.holdout import Layers
from campaigns.models import Campaign, Draw, Scorer
from loyalty.models import SegmentVersion, Snapshot
from offers.models import Terms


@dataclass(frozen=True)
class Limit:
    """What one offer may use: members, and expected cost of redemptions in money, None for no limit; and how many
    members are to get it at the least."""

    count: int | None
    budget: Decimal | None
    least: int | None = None


@dataclass(frozen=True)
class Inputs:
    """Everything a plan depends on, named so that a run can be replayed from its record."""

    campaign: Campaign
    snapshot: Snapshot
    segment_version: SegmentVersion
    scorer: Scorer
    terms: Sequence[Terms]
    limits: Sequence[Limit]
    on: dt.date
    asked_versions: Sequence[SegmentVersion] = ()  # of the segments that the segment's rule asks for
    draw: Draw | None = None  # the programme's holdouts

    @property
    def layers(self) -> Layers:
        return holdouts.layers(self.campaign, self.draw)
