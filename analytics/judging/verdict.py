"""Pays, does not pay, or not yet known: one word and one sentence in money, from the margin and nothing else."""

from collections.abc import Sequence

from analytics.body import Check, Estimate, Few, Judged, Verdict
from analytics.judging import effects, metrics
from analytics.judging.enough import is_told
from analytics.judging.settling import more, needed
from analytics.judging.study import Study
from analytics.judging.words import in_arm, money
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
PAYS = (
    "It pays: after all costs, {treated:,} members brought about {total} more margin than they would have without it, "
    "between {low} and {high}."
)
DOES_NOT = (
    "It does not pay: after all costs, {treated:,} members brought about {total} less margin than they would have "
    "without it, between {least} and {most}."
)
UNKNOWN = (
    "Not yet known: after all costs, {treated:,} members brought between {loss} less and {high} more margin than they "
    "would have without it, so it may have paid or not. The middle is {middle}."
)
FEW = (
    "Not yet known: {members:,} members {arm} are too few, as a few who buy much weigh so heavily among them; about "
    "{needed:,} are needed. So far, {treated:,} members brought between {low} and {high} margin than they would have "
    "without it."
)


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
    treated = study.of.members.count(margin.arm)
    if held.low > 0 or held.high < 0:
        return _beyond_chance(study, held, treated, margin.few)
    lift = metrics.lift(study, MARGIN, margin.arm)
    return Verdict("not_yet_known", _sentence(effects.times(held, treated), treated), needed=needed(study, lift))


def _beyond_chance(study: Study, held: Estimate, treated: int, few: Few | None) -> Verdict:
    """A range on one side of 0 says so only if it has the members for it."""
    total = effects.times(held, treated)
    if few is None or is_told(held, few):
        return Verdict("pays" if total.low > 0 else "does_not_pay", _sentence(total, treated))
    said = FEW.format(
        members=few.members,
        needed=few.needed,
        arm=in_arm(few.arm),
        treated=treated,
        low=_more_or_less(total.low),
        high=_more_or_less(total.high),
    )
    return Verdict("not_yet_known", said, needed=more(study, few))


def _sentence(total: Estimate, treated: int) -> str:
    low, middle, high = (money(each) for each in (total.low, total.value, total.high))
    if total.low > 0:
        return PAYS.format(treated=treated, total=middle, low=low, high=high)
    if total.high < 0:
        return DOES_NOT.format(
            treated=treated, total=money(-total.value), least=money(-total.high), most=money(-total.low)
        )
    return UNKNOWN.format(treated=treated, loss=money(-total.low), middle=_more_or_less(total.value), high=high)


def _more_or_less(amount: float) -> str:
    return f"{money(abs(amount))} {'less' if amount < 0 else 'more'}"


def _design(study: Study) -> str:
    return study.of.run.campaign.get_design_display().lower()
