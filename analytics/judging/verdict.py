"""Pays, does not pay, or not yet known: one word and one sentence in money, from the margin and nothing else."""

from collections.abc import Sequence

from analytics.body import Check, Estimate, Judged, Verdict
from analytics.judging import metrics
from analytics.judging.settling import settles
from analytics.judging.study import Study
from analytics.judging.words import money
from analytics.metrics import MARGIN
from campaigns.models.decision import HELD_OUT

HIDDEN = "Nothing is told yet, because something is wrong with what was measured. {sentence}"
NOT_CAUSAL = (
    "Members were not drawn at random (design: {design}), so whether the campaign paid cannot be known from it. "
    "Hold members out by chance next time."
)
NO_HOLDOUT = "Nobody was held out, so whether the campaign paid cannot be known. Hold members out next time."
NO_MARGIN = "Whether it paid cannot be told: {reason}"
NOTHING_YET = "There is nothing to compare yet."
SEVERAL = "Several arms were compared, each on its own line: there is no single verdict."
PAYS = "It pays: {treated:,} members brought {total} more margin than they would have without it, after all costs."
DOES_NOT = (
    "It does not pay: {treated:,} members brought {total} less margin than they would have without it, after all costs."
)
UNKNOWN = "Not yet known: after all costs it brought between {low} and {high} in margin, so it may have paid or not."


def verdict(study: Study, checks: Sequence[Check], judged: Sequence[Judged]) -> Verdict:
    """One word: nothing else is said while a check says stop, and "pays" only by an interval that allows to look."""
    stopped = next((check for check in checks if check.state == "stop"), None)
    if stopped:
        return Verdict("not_yet_known", HIDDEN.format(sentence=stopped.sentence))
    if not study.of.is_random:
        return Verdict("not_causal", NOT_CAUSAL.format(design=_design(study)))
    margins = [each for each in judged if each.metric == MARGIN]
    if study.reference != HELD_OUT:
        return Verdict("not_yet_known", NO_HOLDOUT)
    if not margins:
        return Verdict("not_yet_known", NOTHING_YET)
    if len(margins) != 1:
        return Verdict("not_yet_known", SEVERAL)
    return _of_margin(study, margins[0])


def _of_margin(study: Study, margin: Judged) -> Verdict:
    held = margin.always if study.of.is_open else margin.headline.each
    if margin.headline.each is None or held is None:
        return Verdict("not_yet_known", NO_MARGIN.format(reason=margin.headline.reason or "there is no interval yet."))
    total = _in_total(held, study.of.members.count(margin.arm))
    words = {"treated": study.of.members.count(margin.arm), "low": money(total.low)}
    words |= {"high": money(total.high), "total": money(abs(total.value))}
    if held.low > 0:
        return Verdict("pays", PAYS.format(**words))
    if held.high < 0:
        return Verdict("does_not_pay", DOES_NOT.format(**words))
    return Verdict("not_yet_known", UNKNOWN.format(**words), settles(study, metrics.lift(study, MARGIN, margin.arm)))


def _in_total(each: Estimate, members: int) -> Estimate:
    return Estimate(members * each.value, members * each.low, members * each.high)


def _design(study: Study) -> str:
    return study.of.run.campaign.get_design_display().lower()
