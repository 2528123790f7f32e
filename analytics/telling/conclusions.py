"""What follows beside the verdict: for the exit criterion, and for personal offers against one for all."""

from dataclasses import dataclass

from analytics import telling
from analytics.body import Body, Estimate, Judged
from analytics.judging.enough import is_told
from analytics.judging.words import in_arm, money

MORE = (
    "Personal offers bring more: about {value} more margin per member than the best single offer, between {low} and "
    "{high}."
)
LESS = (
    "Personal offers bring less: about {value} less margin per member than the best single offer, between {low} and "
    "{high}."
)
UNKNOWN = (
    "Not yet known: personal offers bring between {low} and {high} margin per member more than the best single offer, "
    "so neither is known to be better. The middle is {value}."
)
FEW = (
    "Not yet known: there are only {members:,} members {arm}, and a few who buy much weigh too heavily among them. "
    "About {needed:,} are needed."
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """The exit criterion as it was written, which no rule can judge, and what is known of the metric it was promised
    with."""

    written: str
    judged: Judged | None
    known: Estimate | None


def criterion(body: Body) -> Criterion | None:
    """None where none was written."""
    if body.promise is None or not body.promise.exit_criterion:
        return None
    first = body.judged[0] if body.judged and body.causal else None
    return Criterion(body.promise.exit_criterion, first, telling.in_force(body, first) if first else None)


def personal_or_generic(body: Body) -> str:
    """One sentence on the margin; empty where the two are not compared."""
    judged = telling.only(body.personal_or_generic)
    known = telling.in_force(body, judged) if judged else None
    if judged is None or known is None:
        return ""
    if judged.few and not is_told(known, judged.few):
        few = judged.few
        return FEW.format(members=few.members, arm=in_arm(few.arm), needed=few.needed)
    if known.high < 0:
        return LESS.format(value=money(-known.value), low=money(-known.high), high=money(-known.low))
    words = MORE if known.low > 0 else UNKNOWN
    return words.format(value=money(known.value), low=money(known.low), high=money(known.high))
