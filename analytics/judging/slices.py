"""Where it worked: in the segments named beforehand, and by tenths of what each member was predicted to bring."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analytics.body import Slice
from analytics.judging import effects, enough
from analytics.judging.metrics import named
from analytics.judging.study import Study
from analytics.measurement import moments
from analytics.measurement.cuped import Adjusted, adjusted
from analytics.measurement.deciles import TENTHS, tenths
from analytics.measurement.lift import NotMeasured
from analytics.metrics import MARGIN


def segments(study: Study) -> tuple[Slice, ...]:
    """Net margin of the members of each."""
    if not study.tells_margin:
        return ()
    return tuple(_slice(study, name, inside) for name, inside in study.of.segments.items())


def deciles(study: Study) -> tuple[Slice, ...]:
    """Of members for whom an offer was chosen, given or withheld; from the lowest predictions to the highest."""
    members = study.of.members
    if not study.tells_margin:
        return ()
    of_either = members.within(study.compared[0]) | members.within(study.reference)
    known = of_either & (members.offer >= 0) & np.isfinite(members.score)
    return tuple(_tenths(study, known))


def _tenths(study: Study, known: np.ndarray) -> Iterator[Slice]:
    score = study.of.members.score
    if np.count_nonzero(known) < TENTHS or np.ptp(score[known]) == 0:
        return
    place = tenths(np.where(known, score, np.nan))
    for tenth in range(TENTHS):
        inside = place == tenth
        if inside.any():  # ties may leave nobody
            least, mean, most = (float(each(score[inside])) for each in (np.min, np.mean, np.max))
            yield replace(_slice(study, f"{tenth + 1}", inside), predicted=mean, lowest=least, highest=most)


def _slice(study: Study, name: str, inside: np.ndarray) -> Slice:
    values, before = study.held(MARGIN), study.of.before.get(MARGIN, np.zeros(len(inside)))
    masks = [inside & study.of.members.within(arm) for arm in (study.compared[0], study.reference)]
    found = adjusted(*(moments.paired(values[mask], before[mask]) for mask in masks), level=study.level)
    lift = found.lift if isinstance(found, Adjusted) else NotMeasured(found.reason)
    treated, others = (int(np.count_nonzero(mask)) for mask in masks)
    told = effects.in_force(study, lift, members=treated)
    return Slice(name, treated, others, told, few=enough.few_inside(study, named(MARGIN), inside))
