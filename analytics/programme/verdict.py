"""Does the programme pay? What it brought since the holdouts were drawn, less all that it cost."""

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.body import Cost, Estimate, Verdict
from analytics.judging.words import money
from analytics.models import ProgrammeCost
from analytics.programme import spending
from analytics.programme.quarter import Quarter

ENTERED = "Entered for the programme"
HIDDEN = "Nothing is told yet, because something is wrong with what was measured. {sentence}"
NO_MARGIN = "Whether it pays cannot be told: {reason}"
PAYS = "It pays: {net} is left of {gross} more margin, after {cost} of costs."
DOES_NOT = "It does not pay: {gross} more margin came, and it cost {cost}."
LESS = "It does not pay: {gross} of margin was lost, and it cost {cost} besides."
UNKNOWN = "Not yet known: after {cost} of costs, between {low} and {high} is left, so it may pay or not."
LONGER = "more months of the same holdout"
LARGER = "a larger universal holdout next year"


@dataclass(frozen=True)
class Paying:
    """The verdict; `gross` is the margin that everybody else brought more in total, `net` what is left of it."""

    verdict: Verdict
    gross: Estimate | None
    net: Estimate | None
    costs: tuple[Cost, ...]

    @property
    def cost(self) -> float:
        return sum(each.amount for each in self.costs)


def paying(quarter: Quarter, entered: Iterable[ProgrammeCost]) -> Paying:
    """Judge by the margin since the holdouts washed out, and by the costs of the same time."""
    stopped = next((check for check in quarter.checks if check.state == "stop"), None)
    if stopped:
        return Paying(Verdict("not_yet_known", HIDDEN.format(sentence=stopped.sentence)), None, None, ())
    costs = _costs(quarter, entered)
    gross = quarter.so_far.headline.in_total if quarter.so_far else None
    if gross is None:
        reason = quarter.so_far.headline.reason if quarter.so_far else ""
        return Paying(Verdict("not_yet_known", NO_MARGIN.format(reason=reason)), None, None, costs)
    cost = sum(each.amount for each in costs)
    net = Estimate(gross.value - cost, gross.low - cost, gross.high - cost)
    return Paying(_verdict(gross, net, cost), gross, net, costs)


def _costs(quarter: Quarter, entered: Iterable[ProgrammeCost]) -> tuple[Cost, ...]:
    amount = spending.entered(entered, since=quarter.began, until=quarter.until)
    return (*quarter.costs, Cost(ENTERED, amount))


def _verdict(gross: Estimate, net: Estimate, cost: float) -> Verdict:
    words = {"net": money(net.value), "gross": money(abs(gross.value)), "cost": money(cost)}
    if net.low > 0:
        return Verdict("pays", PAYS.format(**words))
    if net.high < 0:
        return Verdict("does_not_pay", (LESS if gross.value < 0 else DOES_NOT).format(**words))
    words |= {"low": money(net.low), "high": money(net.high)}
    return Verdict("not_yet_known", UNKNOWN.format(**words), (LONGER, LARGER))
