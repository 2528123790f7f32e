"""How to come to know next time whether it pays: a larger holdout, more rounds or more members, and how many."""

from collections.abc import Iterator
from math import ceil

from analytics.body import Needed, Verdict

SETTLED_BY = "To know, it takes {settles}."
TOO_SMALL = (
    "Do not spend on finding out: the difference is so small that it would take more than twenty times as many "
    "members. Judge it by what else it is good for."
)
TOGETHER = "The page of results reads it together with your other campaigns, which may tell more."
LARGER = (
    "Next time, hold out {share} % of as many members instead of {now} % ({points} points more): if the difference "
    "stays what it is, that is enough to know."
)
REPEAT = (
    "Run it {rounds} as it is, under the same name: if the difference stays what it is, that is enough to know. Search "
    "the name on the page of results then, which reads together what it lists."
)
WIDEN = "Choose a wider segment: {wanted:,} members instead of {members:,}, of whom {now} % are held out again."
FEW_ROUNDS = 3
# More held out than that gives away too much of what the campaign may bring.
MOST_HELD_OUT = 0.35


def of(verdict: Verdict) -> list[str]:
    """The recommended one first, and never none."""
    if verdict.needed:
        return list(_remedies(verdict.needed))
    if verdict.settles:
        return [SETTLED_BY.format(settles=" or ".join(verdict.settles))]
    return [TOO_SMALL, TOGETHER]


def _remedies(needed: Needed) -> Iterator[str]:
    if needed.larger_holdout and needed.larger_holdout <= MOST_HELD_OUT:
        yield _larger(needed.larger_holdout, now=round(100 * needed.held_out))
    rounds = max(1, ceil(needed.times - 1))
    repeat = REPEAT.format(rounds="once more" if rounds == 1 else f"{rounds} more times")
    wanted = needed.members + (needed.more_members or 0)
    widen = WIDEN.format(wanted=wanted, members=needed.members, now=round(100 * needed.held_out))
    yield from (repeat, widen) if rounds <= FEW_ROUNDS else (widen, repeat)


def _larger(wanted: float, *, now: int) -> str:
    share = max(ceil(100 * wanted), now + 1)
    return LARGER.format(share=share, now=now, points=share - now)
