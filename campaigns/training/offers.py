"""Trains what offers are worth: a fallback that is always there, and challengers that have to prove a gain."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from campaigns import scorers
from campaigns.models import Scorer
from campaigns.scoring.intervals import NotMeasured
from campaigns.scoring.scores import Scorer as Fitted
from campaigns.training import code, log
from campaigns.training.card import Card, Quality, window
from campaigns.training.contest import Entry, Judged, contest
from campaigns.training.features import looked_at
from campaigns.training.judging import COMPARED, QINI, judged
from campaigns.training.log import Report
from campaigns.training.past import Past
from campaigns.training.periods import split
from campaigns.training.rule import FALLBACK, Standing
from campaigns.training.ways import WAYS

SEED = 20_260  # of the share of comparisons that are made where there are very many: the same decisions, the same card
OFFERS = Scorer.Purpose.OFFERS
NOTHING_CLOSED = "No campaign whose offers were drawn at random has closed its outcome window yet."
ONE_PERIOD = "All random decisions so far were taken on one day, so none is later than those it learned from."


def train(*, at: dt.datetime, report: Report) -> list[str]:
    """Learn from earlier random decisions, judge by later ones, put in use what is better, and say what came of it."""
    known = log.read(at=at, report=report)
    earlier, later = split(known.past)
    if stays := _nothing_to_do(earlier, later):
        return [stays]
    blank = Card(window(earlier), window(later), (), Quality(), tuple(known.left_out))
    told = []
    for kind in WAYS if later else [FALLBACK]:
        report(f"Learning what offers are worth, and judging what was learned: {kind}")
        told.append(_challenge(kind, earlier, later, blank, at=at))
    return told


def _challenge(kind: str, earlier: Sequence[Past], later: Sequence[Past], blank: Card, *, at: dt.datetime) -> str:
    try:
        fitted = WAYS[kind](earlier)
    except (NotMeasured, np.linalg.LinAlgError) as reason:
        return f"What offers are worth cannot be learned by {kind} from these decisions: {reason}"
    looked = looked_at(fitted, earlier[-1].everyone) if earlier else ()
    entry = Entry(OFFERS, kind, fitted, replace(blank, features=looked))
    return contest(entry, partial(_judged, fitted, earlier, later), at=at)


def _nothing_to_do(earlier: Sequence[Past], later: Sequence[Past]) -> str:
    """Why the scorer in use goes on deciding without being challenged; empty where it is, or where there is none."""
    in_use = Scorer.objects.champion(OFFERS)
    if in_use is None:
        return ""
    newest = Scorer.objects.filter(purpose=OFFERS).latest("pk")
    windows = Card(window(earlier), window(later), (), Quality()).to_json()
    if newest.code == code.version() and all(newest.card.get(name) == windows[name] for name in ("learned", "judged")):
        return f"Nothing new to learn from. Scorer {in_use.pk} ({in_use.kind}) goes on deciding what offers are worth."
    if earlier and not later and in_use.learned_from:
        return f"{ONE_PERIOD} Scorer {in_use.pk} ({in_use.kind}) goes on deciding what offers are worth."
    return ""


def _judged(fitted: Fitted, earlier: Sequence[Past], later: Sequence[Past], in_use: Scorer | None) -> Judged:
    if not later:
        return Judged(Quality(), Standing(QINI, COMPARED, unknown=ONE_PERIOD if earlier else NOTHING_CLOSED))
    champion = scorers.opened(in_use) if in_use else None
    return judged(fitted, champion, earlier=earlier, later=later, rng=np.random.default_rng(SEED))
