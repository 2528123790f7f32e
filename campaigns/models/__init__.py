"""Who gets which offer when, and what came of it: one file per noun."""

from campaigns.models.campaign import Campaign, CampaignOffer
from campaigns.models.chunk import Chunk
from campaigns.models.decision import Decision
from campaigns.models.delivery import Delivery
from campaigns.models.draw import Draw
from campaigns.models.dry_run import DryRun
from campaigns.models.ghost import Ghost
from campaigns.models.pace import Pace, Wait
from campaigns.models.run import Run, RunOffer, RunSegment
from campaigns.models.scorer import Ruling, Scorer
from campaigns.models.training import Training

__all__ = [
    "Campaign",
    "CampaignOffer",
    "Chunk",
    "Decision",
    "Delivery",
    "Draw",
    "DryRun",
    "Ghost",
    "Pace",
    "Ruling",
    "Run",
    "RunOffer",
    "RunSegment",
    "Scorer",
    "Training",
    "Wait",
]
