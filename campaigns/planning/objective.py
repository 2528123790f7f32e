"""By how much the worth of an offer counts at a member: what the campaign is after, beside margin."""

import numpy as np
from numpy.typing import NDArray

from campaigns.member_features import CHURN_CHANCE
from campaigns.models import Campaign
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused

UNKNOWN = (
    "The campaign is after members who may stay away, and no profile says yet who that is: train the scorers and build "
    "profiles anew, or go by margin alone."
)


def is_known(everyone: Profiles) -> bool:
    """Whether profiles say how likely members are to stay away."""
    return CHURN_CHANCE in everyone.columns


def weights(everyone: Profiles, campaign: Campaign, *, rows: NDArray[np.int32]) -> NDArray[np.float32] | None:
    """(n,) for members by their rows: 1 + weight x chance of staying away, 1 where that is not known; None by margin.

    Refused where the campaign asks for a chance that profiles do not have.
    """
    if campaign.objective == Campaign.Objective.MARGIN:
        return None
    if not is_known(everyone):
        raise Refused(UNKNOWN)
    chance = np.nan_to_num(everyone.column(CHURN_CHANCE)[rows], nan=0.0)
    return np.asarray(1 + float(campaign.retention_weight) * chance, dtype=np.float32)
