"""What a scorer looks at of a member, each with the purpose that the dictionary of features gives it."""

from campaigns.scoring.scores import Scorer
from campaigns.scoring.uplift import UpliftScorer
from campaigns.training.card import Looked
from loyalty.profiling.table import Profiles

AFFINITY = "affinity:"
STAGE = "lifecycle"


def looked_at(fitted: Scorer, profiles: Profiles) -> tuple[Looked, ...]:
    """In the words of these profiles' features, by purpose."""
    known = [profiles.features[name] for name in _names(fitted, profiles) if name in profiles.features]
    return tuple(Looked(each.label, each.purpose) for each in sorted(known, key=lambda each: each.purpose))


def _names(fitted: Scorer, profiles: Profiles) -> list[str]:
    if not isinstance(fitted, UpliftScorer):
        return [name for name in profiles.columns if name.startswith(AFFINITY)]
    members = fitted.members
    stages = [STAGE] if members.stages else []
    return [*(each.name for each in members.numbers), *stages, *(AFFINITY + name for name in members.departments)]
