"""What to do next: one thing that is recommended, another that would do too, what to do meanwhile, and afterwards."""

from dataclasses import dataclass

from analytics import telling
from analytics.body import Body, Estimate, Slice
from analytics.judging.words import money
from analytics.telling import remedies
from campaigns.models.decision import HELD_OUT

AGAIN = "Do it again, and keep holding members out, to see whether it goes on paying."
WIDER = (
    "Give it to more members like those whom it moved most. “Where it worked” shows how much was expected of each "
    "group; the expected values of the next run pick more of the same."
)
GO_ON = "Let it go on: what is seen so far is enough to say that it pays. The last figure comes on {closes:%-d %B %Y}."
KEEP = "Change neither the offers nor who is held out until then, or the last figure is of two campaigns."
STOP = "Stop it."
CHANGE = "Change what it gives, and try that anew: “What it is made of” shows where the money went."
COUNTED_ON = "Nothing is lost by stopping now: what it brought goes on being counted until {closes:%-d %B %Y}."
WAIT = "Wait until {closes:%-d %B %Y}, when its outcomes have been counted. Looking earlier harms nothing."
ENOUGH_THEN = " If the difference stays what it is, that is long enough to know."
LET_IT_RUN = "Let it run: by what is seen so far, {range}."
STILL_UNKNOWN = "Probably not known even then. {remedy}"
ONCE_MORE = "If once more is like this, {range}; the middle is {middle}."
TOO_MUCH = " If you cannot bear such a loss, leave it at that."
LEAVE_IT = "Leave it at that: if once more is like this, {range}, and the middle is a loss of {loss}."
TO_KNOW = "If you want to know all the same: {remedy}"
LOSS_OR_GAIN = "it may lose {loss} or bring {gain}"
ONLY_GAIN = "it may bring {low} to {high}"
ONLY_LOSS = "it may lose {least} to {most}"
AT_RANDOM = "Next time, let chance hold some of the members out: then this page can say whether it paid."
OTHERWISE_KNOWN = "Nothing on this page speaks for stopping it or for going on: decide by what else you know."
SEVERAL = "Compare the arms line by line under “Every metric”, and keep the one whose whole range lies highest."
MENDED = "Change nothing about the campaign: its numbers come back by themselves once that is mended."


@dataclass(frozen=True, slots=True)
class Steps:
    """`first` is recommended; the others are empty where there is nothing to say."""

    first: str
    otherwise: str = ""
    meanwhile: str = ""
    afterwards: str = ""


def steps(body: Body) -> Steps:
    if body.is_hidden:
        return Steps(" ".join(check.sentence for check in body.checks if check.state == "stop"), meanwhile=MENDED)
    match body.verdict.word:
        case "not_causal":
            return Steps(AT_RANDOM, meanwhile=OTHERWISE_KNOWN)
        case "pays":
            return _pays(body)
        case "does_not_pay":
            return Steps(STOP, CHANGE, COUNTED_ON.format(closes=body.closes) if body.is_open else "")
        case _:
            return _not_yet_known(body)


def _pays(body: Body) -> Steps:
    if body.is_open:
        return Steps(GO_ON.format(closes=body.closes), meanwhile=KEEP)
    return Steps(AGAIN, WIDER if body.deciles and _moved_more(body.deciles[0], body.deciles[-1]) else "")


def _moved_more(least: Slice, most: Slice) -> bool:
    """Whether those of whom most was expected surely brought more, and more than those of whom least was."""
    if most.few or not (least.effect.each and most.effect.each):
        return False
    return most.effect.each.low > 0 and most.effect.each.value > least.effect.each.value


def _not_yet_known(body: Body) -> Steps:
    judged = telling.margin(body)
    total = telling.in_total(body, judged) if judged and judged.versus == HELD_OUT else None
    if total is None:
        return _without_number(body)
    return _wait(body, total) if body.is_open else _next_time(body, total)


def _without_number(body: Body) -> Steps:
    if body.is_open:
        return Steps(WAIT.format(closes=body.closes))
    return Steps(SEVERAL if len({each.arm for each in body.judged}) > 1 else AT_RANDOM)


def _wait(body: Body, total: Estimate) -> Steps:
    first, needed = WAIT.format(closes=body.closes), body.verdict.needed
    meanwhile = LET_IT_RUN.format(range=_range(total))
    if needed and needed.days:
        return Steps(first + ENOUGH_THEN, meanwhile=meanwhile)
    remedy = next(iter(remedies.of(body.verdict)))
    return Steps(first, meanwhile=meanwhile, afterwards=STILL_UNKNOWN.format(remedy=remedy))


def _next_time(body: Body, total: Estimate) -> Steps:
    recommended, *others = remedies.of(body.verdict)
    if total.value < 0:
        first = LEAVE_IT.format(range=_range(total), loss=money(-total.value))
        return Steps(first, TO_KNOW.format(remedy=recommended))
    risk = ONCE_MORE.format(range=_range(total), middle=money(total.value))
    return Steps(f"{recommended} {risk}{TOO_MUCH if total.low < 0 else ''}", next(iter(others), ""))


def _range(total: Estimate) -> str:
    """What it may lose or bring, in total; on one side of 0 where so few members cannot say that it pays."""
    if total.low >= 0:
        return ONLY_GAIN.format(low=money(total.low), high=money(total.high))
    if total.high <= 0:
        return ONLY_LOSS.format(least=money(-total.high), most=money(-total.low))
    return LOSS_OR_GAIN.format(loss=money(-total.low), gain=money(total.high))
