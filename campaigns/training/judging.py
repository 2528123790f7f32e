"""How good a scorer of offers is on later decisions, beside the one in use and what needs no learning."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from campaigns.scoring import qini, quality
from campaigns.scoring.intervals import Estimate, NotMeasured
from campaigns.scoring.ranking import ranked
from campaigns.training import following, next_offers, plain
from campaigns.training.card import Curve, Figure, Measure, Quality
from campaigns.training.contest import Judged
from campaigns.training.following import Followed
from campaigns.training.next_offers import MOST, NextOffers
from campaigns.training.pairs import Pairs, Scoring, pairs
from campaigns.training.past import Past
from campaigns.training.rule import Standing

POINTS = 100
THIS, IN_USE = "This scorer", "In use then"
QINI = "Qini"
COMPARED = "following it would have brought {} more per member than following {}"


def judged(
    challenger: Scoring, champion: Scoring | None, *, earlier: Sequence[Past], later: Sequence[Past], rng: Generator
) -> Judged:
    """Judge by the later decisions, one run at the least; `earlier` are those that simpler ways learn from."""
    sides: dict[str, Scoring] = {THIS: challenger} | ({IN_USE: champion} if champion else {})
    sides |= {way.name: way for way in plain.ways(earlier)}
    names, found = list(sides), pairs(later, list(sides.values()), rng=rng)
    compared = found.take((found.probability > 0) & (found.probability < 1))
    given = found.take(found.treated)
    followed = following.followed(later, list(sides.values()))
    coming = next_offers.next_offers(later, list(sides.values()))
    of_redeeming = _auc(given, names), _log_loss(given, names), _hits(coming, names)
    told = Quality(
        measures=(_qini(compared, names), _gain(followed, names), *of_redeeming),
        calibration=quality.calibration(given.redeemed, given.redeem[:, 0]) if len(given.member) else (),
        uplift=_uplift(compared),
        qini=_curve(compared),
    )
    return Judged(told, _standing(told.measures[0], followed, later, has_champion=champion is not None))


def _qini(of: Pairs, names: Sequence[str]) -> Measure:
    return Measure(
        QINI,
        "what is gained per member by giving offers to those with the highest scores rather than to as many others",
        "money",
        "higher",
        _figures(names, lambda at: _qini_of(of, of.value[:, at])),
    )


def _gain(followed: Followed, names: Sequence[str]) -> Measure:
    return Measure(
        "Gain by following it",
        "how much more per member later decisions would have brought, had it taken them rather than given nothing",
        "money",
        "higher",
        _figures(names, followed.gain),
    )


def _auc(given: Pairs, names: Sequence[str]) -> Measure:
    return Measure(
        "AUC of redeeming",
        "how often somebody who redeemed was thought likelier to than somebody who did not; a half is chance",
        "number",
        "higher",
        _figures(names, lambda at: quality.auc(given.redeemed, given.redeem[:, at], members=given.member)),
    )


def _log_loss(given: Pairs, names: Sequence[str]) -> Measure:
    return Measure(
        "Log loss of redeeming",
        "how surprised it was by who redeemed, on average",
        "number",
        "lower",
        _figures(names, lambda at: quality.log_loss(given.redeemed, given.redeem[:, at], members=given.member)),
    )


def _hits(coming: NextOffers, names: Sequence[str]) -> Measure:
    return Measure(
        f"Next offer among {MOST}",
        f"how often what a member redeemed was among the {MOST} offers thought likeliest to be, of all that chance "
        "could have given",
        "number",
        "higher",
        _figures(names, coming.hit_rate),
    )


def _figures(names: Sequence[str], figure: Callable[[int], Estimate]) -> tuple[Figure, ...]:
    def told(at: int, name: str) -> Figure:
        try:
            return Figure(name, figure(at))
        except NotMeasured as reason:
            return Figure(name, None, str(reason))

    return tuple(told(at, name) for at, name in enumerate(names))


def _qini_of(of: Pairs, score: NDArray[np.floating]) -> Estimate:
    return quality.qini(of.adjusted, of.treated, of.probability, score, members=of.member)


def _standing(measure: Measure, followed: Followed, later: Sequence[Past], *, has_champion: bool) -> Standing:
    own = measure.figures[0]
    return Standing(
        QINI,
        COMPARED,
        counted=f"{sum(len(run) for run in later):,} later decisions",
        own=own.found,
        over=followed.gain(0, over=1) if has_champion and own.found else None,
        champion=measure.figures[1].found if has_champion else None,
        unknown=own.why_not,
    )


def _uplift(of: Pairs) -> tuple[quality.Bin, ...]:
    try:
        return quality.uplift_by_decile(of.adjusted, of.treated, of.probability, of.expected[:, 0])
    except NotMeasured:
        return ()


def _curve(of: Pairs) -> Curve | None:
    """The gain at every hundredth of the members."""
    try:
        found = qini.curve(qini.Decided(of.adjusted, of.treated, of.probability), ranked(of.value[:, 0]))
    except NotMeasured:
        return None
    share = np.linspace(0, 1, POINTS + 1)
    gain = np.interp(share, found.share, found.gain)
    return Curve(tuple(share.round(2).tolist()), tuple(gain.tolist()))
