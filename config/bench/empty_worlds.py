"""Whether a scorer would be taken to have found an effect: what must hardly ever be where none is planted."""

import numpy as np

from campaigns.scoring import basis as bases
from campaigns.scoring import quality, uplift
from campaigns.scoring.history import HELD_OUT
from config.bench import planted, shoppers

OFFERS = 3
LEARNED_FROM, JUDGED_ON = 4_000, 8_000


def finds_an_effect(seed: int, *, strength: float = 0.0) -> bool:
    """Whether the Qini interval on later random decisions is above 0, where offers have so strong an effect.

    Who was held out is scored for one of the offers, drawn with the chances of those who were not.
    """
    rng = np.random.default_rng([seed, 4])
    world = planted.world(seed, offers=OFFERS, strength=strength)
    members, later = (shoppers.profiles(size, rng) for size in (LEARNED_FROM, JUDGED_ON))
    basis = bases.fitted(members)
    scorer = uplift.learn(planted.history(world, members, basis, rng), basis)
    after, ghost = planted.drawn(world, later, basis, rng)
    treated = after.kind != HELD_OUT
    value = scorer.scores(later, world.terms, contact_cost=0.0).value[np.arange(JUDGED_ON), ghost]
    return quality.qini(after.margin, treated, 1 - planted.SHARE_HELD_OUT, value).low > 0
