"""Trains scorers from what past decisions brought, and lets those decide that prove better on later ones."""

import datetime as dt

from campaigns.models import Scorer
from campaigns.scoring.outlook import CHURN, LIFETIME
from campaigns.training import offers, outlooks
from campaigns.training.log import Report


def champion(*, at: dt.datetime) -> Scorer:
    """The scorer that says what offers are worth; the first time it is asked for, one is trained."""
    if (in_use := Scorer.objects.champion(Scorer.Purpose.OFFERS)) is None:
        offers.train(at=at, report=lambda _: None)
        in_use = Scorer.objects.get(purpose=Scorer.Purpose.OFFERS, state=Scorer.State.CHAMPION)
    return in_use


def train(*, at: dt.datetime, report: Report = lambda _: None) -> list[str]:
    """Learn anew for every purpose, and say what came of it, a sentence for each scorer that was trained."""
    told = offers.train(at=at, report=report)
    return told + [sentence for kind in (CHURN, LIFETIME) for sentence in outlooks.train(kind, at=at, report=report)]
