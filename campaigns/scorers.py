"""The scorers we have, and the one in use."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.db import transaction

from campaigns import training
from campaigns.models import Scorer
from campaigns.scoring.affinity import AffinityScorer


def champion(*, at: dt.datetime) -> Scorer:
    """The scorer in use; the first time it is asked for, one is trained."""
    return Scorer.objects.champion() or train(at=at)


def train(*, at: dt.datetime) -> Scorer:
    """Learn from all past random decisions whose window has closed, and put the result in use."""
    fitted = training.fitted(at=at)
    with transaction.atomic():
        Scorer.objects.filter(state=Scorer.State.CHAMPION).update(state=Scorer.State.RETIRED)
        return Scorer.objects.create(
            state=Scorer.State.CHAMPION,
            parameters=fitted.to_json(),
            basis=fitted.basis,
            learned_from=fitted.learned_from,
            trained_at=at,
        )


def opened(scorer: Scorer) -> AffinityScorer:
    """The fitted object behind the record."""
    return _opened(scorer.pk)


@lru_cache(maxsize=4)
def _opened(pk: int) -> AffinityScorer:
    parameters: dict[str, Any] = Scorer.objects.get(pk=pk).parameters
    return AffinityScorer.from_json(parameters)
