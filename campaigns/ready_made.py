"""Plans that are ready but for their offers and dates: drafts filled in from what is known of the members here."""

import datetime as dt

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction

from campaigns import building
from campaigns.member_features import CHURN_CHANCE
from campaigns.models import Campaign
from loyalty import clock, segmentation
from loyalty.models import Segment
from loyalty.models.consent import Channel
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused

REACTIVATE = "reactivate"
MOST_LIKELY = 0.9  # who is likelier to stay away than so many of those who may: a scorer is judged by its top tenth
LIKELY_TO_LEAVE = "Likely to stay away"
NOBODY_SCORED = (
    "The newest profiles do not say yet who is likely to stay away: have an analyst train the scorers and an operator "
    "build profiles, or start this plan tomorrow, as both are done every night."
)


def reactivate(name: str, *, by: User, at: dt.datetime) -> Campaign:
    """A draft that wins back the tenth of active members who are likeliest to stay away.

    Refused while profiles do not say how likely anybody is to. A segment of that name is used as it is.
    """
    members = segmentation.current_profiles(on=clock.local_day(at))
    if CHURN_CHANCE not in members.columns or not (told := _known(members)).size:
        raise Refused(NOBODY_SCORED)
    label = members.features[CHURN_CHANCE].label
    with transaction.atomic():
        return building.create(
            name,
            by=by,
            at=at,
            segment=_likely_to_leave(told, by=by, at=at),
            hypothesis=f"Who is likely to leave ({label.lower()}) stays for an offer that is worth their while: they "
            "buy more often than those who are held out, and earn us more than the offers cost.",
            primary_metric=Campaign.Metric.MARGIN,
            exit_criterion="Stop if margin per member is not above that of the held-out when the window closes.",
            channels=[Channel.EMAIL],
        )


def _known(members: Profiles) -> np.ndarray:
    chances = members.column(CHURN_CHANCE)
    return np.asarray(chances[~np.isnan(chances)])


def _likely_to_leave(chances: np.ndarray, *, by: User, at: dt.datetime) -> Segment:
    if there := Segment.objects.filter(name=LIKELY_TO_LEAVE).first():
        return there
    least = float(np.floor(np.quantile(chances, MOST_LIKELY) * 1000) / 1000)
    rule = {"all": [{"feature": CHURN_CHANCE, "is": "at_least", "value": least}]}
    return segmentation.save(None, name=LIKELY_TO_LEAVE, rule=rule, by=by, at=at).segment
