"""What the scorers in use expect of members, as columns of profiles: so segments may ask for it."""

from collections.abc import Iterator

import numpy as np

from campaigns import scorers
from campaigns.models import Scorer
from campaigns.scoring.outlook import CHURN, LIFETIME, Outlook
from loyalty import clock
from loyalty.profiles.foreseen import Foreseen
from loyalty.profiling.dictionary import AUDIENCE
from loyalty.profiling.freshness import PURCHASES, declared
from loyalty.profiling.table import Feature, Profiles

CHURN_CHANCE, EXPECTED_MARGIN = "churn_chance", "expected_margin"
# Finer steps say nothing that scorers know, and take more room.
DECIMALS = {CHURN: 3, LIFETIME: 2}


def foreseen(profiles: Profiles) -> Iterator[Foreseen]:
    """Of each member, by every scorer of members that is in use."""
    for scorer in in_use():
        outlook = scorers.outlook(scorer)
        found = np.round(outlook.scores(profiles).astype(np.float64), DECIMALS[outlook.kind])
        feature = declared(FEATURES[outlook.kind](outlook, _source(scorer)), PURCHASES)
        yield Foreseen(feature, found if feature.kind == "money" else found.astype(np.float32))


def in_use() -> list[Scorer]:
    """The scorers of members that are in use, one for each purpose at the most."""
    of_members = Scorer.objects.filter(purpose__in=(CHURN, LIFETIME), state=Scorer.State.CHAMPION)
    return list(of_members.order_by("purpose"))


def _source(scorer: Scorer) -> str:
    return f"scorer {scorer.pk}, trained on {clock.local_day(scorer.trained_at):%-d %B %Y}"


def _churn(outlook: Outlook, source: str) -> Feature:
    return Feature(
        name=CHURN_CHANCE,
        label=f"Chance of staying away for {outlook.window_days} days",
        unit="",
        kind="share",
        source=source,
        purpose=AUDIENCE,
        sentence=f"How likely we think it is that you stay away for {outlook.window_days} days: {{value}}.",
    )


def _margin(outlook: Outlook, source: str) -> Feature:
    return Feature(
        name=EXPECTED_MARGIN,
        label=f"Margin expected within {outlook.window_days} days",
        unit="money",
        kind="money",
        source=source,
        purpose=AUDIENCE,
        sentence=f"What we expect to earn by your shopping within {outlook.window_days} days: {{value}}.",
    )


FEATURES = {CHURN: _churn, LIFETIME: _margin}
