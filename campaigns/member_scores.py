"""What is to be expected of one member, by the scorers in use, for a page that shows the member."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from campaigns import member_features, scorers
from campaigns.models import Scorer
from campaigns.scoring.outlook import CHURN
from loyalty.profiling.table import Profiles

NOT_ACTIVE = "they have stayed away that long already"
NEVER_BOUGHT = "they never bought anything"


@dataclass(frozen=True)
class MemberScore:
    """One score as of a day: the chance that the member stays away for `window_days`, or the margin they bring in them;
    None, and `why_not` says why, where there is none."""

    scorer: Scorer
    value: float | None
    window_days: int
    as_of: dt.date
    why_not: str = ""

    @property
    def is_chance(self) -> bool:
        return self.scorer.purpose == CHURN

    @property
    def alike(self) -> Mapping[str, float] | None:
        """What came, with its interval, in the tenth of later members of whom about the same was predicted; None where
        that was not measured."""
        bins = [each for each in self.scorer.card.get("quality", {}).get("calibration", ()) if each["observed"]]
        if self.value is None or not bins:
            return None
        predicted = self.value
        nearest: Mapping[str, float] = min(bins, key=lambda each: abs(each["predicted"] - predicted))["observed"]
        return nearest


def of(profile: Profiles | None) -> list[MemberScore]:
    """By every scorer of members that is in use; none for a member without a profile, which is one row of profiles."""
    return [_score(each, profile) for each in member_features.in_use()] if profile is not None else []


def _score(scorer: Scorer, profile: Profiles) -> MemberScore:
    outlook = scorers.outlook(scorer)
    (found,) = outlook.scores(profile).tolist()
    never_bought = bool(np.isnan(profile.column("recency_days")).all())
    return MemberScore(
        scorer=scorer,
        value=None if np.isnan(found) else found,
        window_days=outlook.window_days,
        as_of=profile.as_of,
        why_not="" if not np.isnan(found) else NEVER_BOUGHT if never_bought else NOT_ACTIVE,
    )
