"""From what was stored of a scorer to the scorer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from campaigns.scoring.affinity import AffinityScorer
from campaigns.scoring.scores import Scorer
from campaigns.scoring.uplift import UpliftScorer

KINDS: Mapping[str, type[Scorer]] = MappingProxyType({"affinity": AffinityScorer, "uplift": UpliftScorer})


def opened(kind: str, parameters: Mapping[str, Any]) -> Scorer:
    """The scorer of that kind with those parameters; ValueError for a kind that there is not."""
    if kind not in KINDS:
        raise ValueError(f"There is no scorer of the kind {kind!r}: use one of {', '.join(KINDS)}.")
    return KINDS[kind].from_json(parameters)
