"""A challenger against the scorer in use: entered, judged and settled, also while others do the same."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from campaigns import scorers
from campaigns.models import Scorer
from campaigns.scorers import Learned
from campaigns.training import code
from campaigns.training.card import Card, Quality
from campaigns.training.rule import FALLBACK, InUse, Ruled, Standing, ruled


@dataclass(frozen=True)
class Entry:
    """A challenger with all of its card but how good it is."""

    purpose: str
    kind: str
    fitted: Learned
    card: Card


class Judged(NamedTuple):
    quality: Quality
    standing: Standing


BROKE_OFF = "Not in use: judging it broke off. The worker's log says why."
Judge = Callable[[Scorer | None], Judged]


def contest(entry: Entry, judge: Judge, *, at: dt.datetime) -> str:
    """Put the challenger in use or reject it, and say why.

    `judge` compares it with the scorer in use, None for an empty place; where that changes meanwhile it is asked again.
    """
    challenger = scorers.enter(
        entry.fitted, purpose=entry.purpose, kind=entry.kind, card=entry.card.to_json(), code=code.version(), at=at
    )
    try:
        while (answer := _fought(challenger, entry.card, judge, at=at)) is None:
            pass
    except Exception:
        scorers.reject(challenger, why=BROKE_OFF, at=at)
        raise
    return f"Scorer {challenger.pk} ({challenger.kind}). {answer.why}"


def _fought(challenger: Scorer, card: Card, judge: Judge, *, at: dt.datetime) -> Ruled | None:
    """What was ruled; None where what it was judged against is no longer in use."""
    in_use = Scorer.objects.champion(challenger.purpose)
    judged = judge(in_use)
    scorers.describe(challenger, replace(card, quality=judged.quality).to_json())
    answer = ruled(judged.standing, kind=challenger.kind, in_use=_described(in_use))
    if answer.comes:
        return answer if scorers.promote(challenger, over=in_use, why=answer.why, at=at) else None
    scorers.reject(challenger, why=answer.why, at=at)
    if in_use and in_use.kind == FALLBACK != challenger.kind:
        why = f"It decides, and not scorer {challenger.pk} ({challenger.kind}): {answer.because}"
        scorers.stay(in_use, why=why, at=at)
    return answer


def _described(in_use: Scorer | None) -> InUse | None:
    return (
        None
        if in_use is None
        else InUse(f"scorer {in_use.pk} ({in_use.kind})", in_use.kind, knows=in_use.learned_from > 0)
    )
