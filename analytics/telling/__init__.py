"""What a report comes to for readers who know no statistics: the figure to go by, in words, and what to do next."""

from analytics.body import Body, Estimate, Judged
from campaigns.models import Campaign


def margin(body: Body) -> Judged | None:
    """The margin of the only arm there is to compare."""
    return only(body.judged)


def only(judged: tuple[Judged, ...]) -> Judged | None:
    """The margin among these metrics, if there is one alone."""
    found = [each for each in judged if each.metric == Campaign.Metric.MARGIN]
    return found[0] if len(found) == 1 else None


def in_force(body: Body, judged: Judged) -> Estimate | None:
    """The estimate that may be read now: while outcomes still count, by the interval that allows for looking early."""
    return judged.always if body.is_open and body.causal else judged.headline.each


def in_per_cent(judged: Judged) -> Estimate | None:
    """The change as a share of what the others had; None where that cannot be told, or would say otherwise."""
    each, told = judged.headline.each, judged.headline.per_cent or judged.headline.relative
    if each is None or told is None or (told.low > 0, told.high < 0) != (each.low > 0, each.high < 0):
        return None
    return told


def in_total(body: Body, judged: Judged) -> Estimate | None:
    """That estimate times the members of its arm."""
    each = in_force(body, judged)
    members = next((arm.members for arm in body.arms if arm.arm == judged.arm), 0)
    return each and Estimate(members * each.value, members * each.low, members * each.high)
