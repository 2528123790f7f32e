"""Does the programme pay? What it brought since the holdouts were drawn, less all that it cost."""

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.special import ndtri

from analytics.body import Cost, Estimate, Needed, Verdict
from analytics.judging.words import money
from analytics.measurement.lift import LEVEL, upper_tail
from analytics.measurement.power import settling
from analytics.models import ProgrammeCost
from analytics.programme import spending
from analytics.programme.quarter import Quarter
from campaigns.models.decision import UNIVERSAL

ENTERED = "Entered for the programme"
HIDDEN = "Nothing is told yet, because something is wrong with what was measured. {sentence}"
NO_MARGIN = "Whether it pays cannot be told: {reason}"
PAYS = "It pays: about {net} is left of {gross} more margin, after {cost} of costs, between {low} and {high}."
DOES_NOT = "It does not pay: {gross} more margin came, and it cost {cost}. What is left lies between {low} and {high}."
LESS = (
    "It does not pay: {gross} of margin was lost, and it cost {cost} besides. What is left lies between {low} and "
    "{high}."
)
UNKNOWN = (
    "Not yet known: after {cost} of costs, about {net} is left, but it may be anything between {low} and {high}, so it "
    "may pay or not."
)
# Of more time, nobody would wait to know.
MOST_TIMES = 20.0


@dataclass(frozen=True)
class Paying:
    """The verdict; `gross` is the margin that everybody else brought more in total, `net` what is left of it."""

    verdict: Verdict
    gross: Estimate | None
    net: Estimate | None
    costs: tuple[Cost, ...]

    @property
    def is_before_costs(self) -> bool:
        """Whether nothing was entered of what the programme costs beside messages and rewards."""
        return not any(each.amount for each in self.costs if each.label == ENTERED)

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
    return Paying(_verdict(quarter, gross, net, cost), gross, net, costs)


def _costs(quarter: Quarter, entered: Iterable[ProgrammeCost]) -> tuple[Cost, ...]:
    amount = spending.entered(entered, since=quarter.began, until=quarter.until)
    return (*quarter.costs, Cost(ENTERED, amount))


def _verdict(quarter: Quarter, gross: Estimate, net: Estimate, cost: float) -> Verdict:
    words = {"net": money(net.value), "gross": money(abs(gross.value)), "cost": money(cost)}
    words |= {"low": money(net.low), "high": money(net.high)}
    if net.low > 0:
        return Verdict("pays", PAYS.format(**words))
    if net.high < 0:
        return Verdict("does_not_pay", (LESS if gross.value < 0 else DOES_NOT).format(**words))
    return Verdict("not_yet_known", UNKNOWN.format(**words), needed=_needed(quarter, net))


def _needed(quarter: Quarter, net: Estimate) -> Needed | None:
    """More days of the same holdout, or a larger one; None where no reasonable amount of either would do."""
    held_out = sum(arm.members for arm in quarter.arms if arm.arm == UNIVERSAL)
    members = sum(arm.members for arm in quarter.arms)
    days = (quarter.until - quarter.began).days
    if not (0 < held_out < members and days and net.high > net.low):
        return None
    error = (net.high - net.low) / 2 / float(ndtri(upper_tail(LEVEL)))
    found = settling(error, net.value, members, share_held_out=held_out / members, days_now=days)
    if found.times > MOST_TIMES:
        return None
    return Needed(found.times, members, held_out / members, days=found.days, larger_holdout=found.share_held_out)
