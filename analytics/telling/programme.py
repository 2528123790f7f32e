"""What to do next about the whole programme."""

from math import ceil

from analytics.body import Estimate, Needed
from analytics.judging.words import money, times
from analytics.programme.quarter import Quarter
from analytics.programme.verdict import Paying
from analytics.telling.steps import Steps

MENDED = "Mend what the check names, then have it told anew."
LOADED = "Load what is missing, then have it told anew."
GO_ON = "Go on, and draw the next holdouts when these end, to see whether it keeps paying."
STOP = "Go through the results of the campaigns: stop those that do not pay."
CUT = "Cut what the programme pays for and does not need: “What it costs” shows it."
LONGER = "Keep the same holdout for about {months}: if what is left each month stays the same, that is enough to know."
SOONER = "Ask again once it has been told for a month: {days} are too few to say how long it takes to know."
NEVER = (
    "Do not wait for certainty: what is left is so near to nothing that it would take more than twenty times as long. "
    "Judge the programme by what else it is good for."
)
LARGER = "At the next draw, hold out {share} % of the members instead of {now} %."
LET_IT_RUN = "Let it run: at worst it lost {loss} since {began:%-d %B %Y}, at best it left {gain}."
AT_LEAST, A_YEAR, MONTH = 28, 365, 30.4  # days


def steps(paying: Paying, quarter: Quarter) -> Steps:
    if quarter.is_hidden:
        return Steps(MENDED)
    if paying.net is None:
        return Steps(LOADED)
    match paying.verdict.word:
        case "pays":
            return Steps(GO_ON)
        case "does_not_pay":
            return Steps(STOP, CUT)
        case _:
            return _not_yet_known(paying.net, paying.verdict.needed, quarter)


def _not_yet_known(net: Estimate, needed: Needed | None, quarter: Quarter) -> Steps:
    meanwhile = LET_IT_RUN.format(loss=money(-net.low), began=quarter.began, gain=money(net.high))
    days = (quarter.until - quarter.began).days
    if days < AT_LEAST:
        return Steps(SOONER.format(days=times(days, "day", "days")), meanwhile=meanwhile)
    if needed is None:
        return Steps(NEVER, meanwhile=meanwhile)
    waiting, larger = _longer(needed), _larger(needed)
    if needed.days is not None and needed.days > A_YEAR and larger:
        return Steps(larger, waiting, meanwhile)
    return Steps(waiting, larger, meanwhile)


def _longer(needed: Needed) -> str:
    return LONGER.format(months=times(max(1, ceil((needed.days or 0) / MONTH)), "more month", "more months"))


def _larger(needed: Needed) -> str:
    now = round(100 * needed.held_out)
    if not needed.larger_holdout or needed.larger_holdout <= needed.held_out:
        return ""
    return LARGER.format(share=max(ceil(100 * needed.larger_holdout), now + 1), now=now)
