"""What a reader has to know beside the numbers, a sentence each."""

from collections.abc import Iterator, Sequence

from analytics.body import Judged
from analytics.judging.study import Study
from analytics.judging.words import money
from analytics.metrics import MARGIN
from campaigns.models.decision import HELD_OUT, UNIVERSAL

OPEN = (
    "The outcome window is open until {until:%-d %B %Y}: until then only the interval that allows for daily looks may "
    "say that it pays."
)
NOT_YET = "The outcome window begins on {since:%-d %B %Y}: there is nothing to measure yet."
NOT_CAUSAL = (
    "Members were not drawn at random, so the campaign alone did not cause these differences. They are "
    "differences-in-differences against the {days} days before."
)
NO_HOLDOUT = "Nobody was held out: every arm is compared with “{versus}”, so this is not the lift of the campaign."
ONE_ARM = "There is only one arm, “{arm}”, and nothing to compare it with: hold members out next time."
CLIPPED = "Margin above {limit} per member counts as {limit}{fixed}: 1 in 1,000 buyers had more in as many days before."
FIXED = ", as fixed before any outcome was seen"
UNIVERSAL_APART = (
    "{members:,} members get no campaign at all this year (the universal holdout), so that the whole programme can be "
    "measured: the page of the programme compares them."
)
FAMILY = "{count} more metrics were looked at, and among so many chance finds one now and then: {names}."


def notes(study: Study, judged: Sequence[Judged]) -> tuple[str, ...]:
    return tuple(_notes(study, judged))


def _notes(study: Study, judged: Sequence[Judged]) -> Iterator[str]:
    yield from against(study)
    apart = study.of.members.count(UNIVERSAL)
    if study.of.is_ours and apart:
        yield UNIVERSAL_APART.format(members=apart)
    if MARGIN in study.of.clip_at and judged:
        yield CLIPPED.format(limit=money(study.of.clip_at[MARGIN]), fixed=FIXED if _is_promised(study) else "")
    # The verdict goes by the margin, whatever was promised.
    family = list(dict.fromkeys(each.label for each in judged if each.q is not None and each.metric != MARGIN))
    if family:
        yield FAMILY.format(count=len(family), names=", ".join(name.lower() for name in family))


def _is_promised(study: Study) -> bool:
    return bool(study.of.run.promise_digest)


def against(study: Study) -> Iterator[str]:
    """What speaks against taking the numbers at their word."""
    if study.of.until <= study.of.since:
        yield NOT_YET.format(since=study.of.since)
    elif study.of.is_open:
        yield OPEN.format(until=study.of.run.outcomes_until)
    if not study.of.is_random:
        yield NOT_CAUSAL.format(days=(study.of.until - study.of.since).days)
    elif not study.compared:
        yield ONE_ARM.format(arm=study.reference)
    elif study.reference != HELD_OUT:
        yield NO_HOLDOUT.format(versus=study.reference)
