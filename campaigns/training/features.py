"""What a scorer looks at of a member, each with the purpose that the dictionary of features gives it."""

from campaigns.scoring.basis import Basis
from campaigns.scoring.scores import Scorer
from campaigns.scoring.uplift import UpliftScorer
from campaigns.training.card import Looked
from loyalty.profiling.table import Profiles

AFFINITY = "affinity:"
STAGE = "lifecycle"


def looked_at(fitted: Scorer | Basis, profiles: Profiles) -> tuple[Looked, ...]:
    """In the words of these profiles' features, by purpose."""
    known = [profiles.features[name] for name in _names(fitted, profiles) if name in profiles.features]
    return tuple(Looked(each.label, each.purpose) for each in sorted(known, key=lambda each: each.purpose))


def _names(fitted: Scorer | Basis, profiles: Profiles) -> list[str]:
    members = fitted.members if isinstance(fitted, UpliftScorer) else fitted
    if not isinstance(members, Basis):
        return [name for name in profiles.columns if name.startswith(AFFINITY)]
    stages = [STAGE] if members.stages else []
    return [*(each.name for each in members.numbers), *stages, *(AFFINITY + name for name in members.departments)]
