"""The effect on members who were actually reached, told second: who was reached is known of both arms by ghosts."""

from math import sqrt

import numpy as np

from analytics.body import Effect, Reached
from analytics.judging import effects, metrics
from analytics.judging.study import Study
from analytics.measurement import moments
from analytics.measurement.compliers import cace
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.lift import Lift, NotMeasured
from analytics.metrics import MARGIN

# Shares reached that lie further apart were not reached alike, and ghosts do not say who would have been.
MOST_Z = 3.3


def reached(study: Study) -> Reached | None:
    """None where no message is in the record, as of another tool's campaigns."""
    if not study.tells_margin or not study.of.reached.any():
        return None
    members, arms = study.of.members, (study.compared[0], study.reference)
    masks = [study.of.reached & members.within(arm) for arm in arms]
    shares = [int(np.count_nonzero(mask)) / members.count(arm) for mask, arm in zip(masks, arms, strict=True)]
    return Reached(shares[0], shares[1], _effect(study, masks, shares))


def _effect(study: Study, masks: list[np.ndarray], shares: list[float]) -> Effect:
    return effects.in_force(study, _lift(study, masks, shares), members=int(np.count_nonzero(masks[0])))


def _lift(study: Study, masks: list[np.ndarray], shares: list[float]) -> Lift | NotMeasured:
    """Where everybody was reached it is the headline itself."""
    meant = metrics.lift(study, MARGIN, study.compared[0])
    if shares[0] == 1 and shares[1] in (0, 1):
        return meant
    if not _are_alike(study, shares):
        return _wald(study, meant, int(np.count_nonzero(masks[0])))
    values, before = study.held(MARGIN), study.of.before.get(MARGIN, np.zeros(len(masks[0])))
    found = adjusted(*(moments.paired(values[mask], before[mask]) for mask in masks), level=study.level)
    return found.lift if isinstance(found, Adjusted) else found


def _wald(study: Study, meant: Lift | NotMeasured, count: int) -> Lift | NotMeasured:
    """Nobody held out was really reached."""
    if isinstance(meant, NotMeasured):
        return meant
    treated, held_out = (study.of.members.count(arm) for arm in (study.compared[0], study.reference))
    return cace(meant, (count, treated), (0, held_out), level=study.level)


def _are_alike(study: Study, shares: list[float]) -> bool:
    members = study.of.members
    sizes = [members.count(arm) for arm in (study.compared[0], study.reference)]
    variance = sum(share * (1 - share) / size for share, size in zip(shares, sizes, strict=True))
    return shares[1] > 0 and abs(shares[0] - shares[1]) <= MOST_Z * sqrt(variance + 1e-12)
