"""What a report comes to for readers who know no statistics: the figure to go by, and what to do next."""

from collections.abc import Iterator

from analytics.body import Body, Estimate, Judged
from campaigns.models import Campaign

AGAIN = "Do it again, and keep holding members out, to see whether it goes on paying."
GO_ON = "Let it go on: what is seen so far is enough to say that it pays. The last figure comes on {closes:%-d %B %Y}."
STOP = "Stop it, or change what it gives: below stands where it worked and where it did not."
WAIT = "Wait until its outcomes have been counted, on {closes:%-d %B %Y}. Looking earlier harms nothing."
SETTLED_BY = "To know, it takes {settles}."
LARGER = "Do not read it as “no effect”. Do it once more with more members held out, or for a larger audience."
AT_RANDOM = "Next time, let chance hold some of the members out: then this page can say whether it paid."


def margin(body: Body) -> Judged | None:
    """The margin of the only arm there is to compare."""
    found = [each for each in body.judged if each.metric == Campaign.Metric.MARGIN]
    return found[0] if len(found) == 1 else None


def in_force(body: Body, judged: Judged) -> Estimate | None:
    """The estimate that may be read now: while outcomes still count, by the interval that allows for looking early."""
    return judged.always if body.is_open and body.causal else judged.headline.each


def next_steps(body: Body) -> list[str]:
    """What to do next, the first thing first."""
    return list(_next_steps(body))


def _next_steps(body: Body) -> Iterator[str]:
    if body.is_hidden:
        yield from (check.sentence for check in body.checks if check.state == "stop")
        return
    match body.verdict.word:
        case "not_causal":
            yield AT_RANDOM
        case "pays":
            yield GO_ON.format(closes=body.closes) if body.is_open else AGAIN
        case "does_not_pay":
            yield STOP
        case _:
            yield from _to_know(body)


def _to_know(body: Body) -> Iterator[str]:
    if body.is_open:
        yield WAIT.format(closes=body.closes)
    if body.verdict.settles:
        yield SETTLED_BY.format(settles=" or ".join(body.verdict.settles))
    elif not body.is_open:
        yield LARGER
