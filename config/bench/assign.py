"""Assigning offers under limits: how near the best possible, how fast beside an LP solver, and never over a limit."""

import os
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment.constraints import Constraints
from campaigns.assignment.limits import MILLIONTHS, whole_millionths
from campaigns.assignment.pairs import Block, Pairs
from campaigns.assignment.solver import Assignment, assign
from campaigns.assignment.survey import parts
from config.bench.frame import Contest, Figure, Job, Outcome, Say, Size, peak_mb
from config.bench.linear import Linear, linear_programme
from config.bench.many_pairs import ManyPairs, all_kinds, counts

Answer = TypeVar("Answer")

BASELINE, OURS = "HiGHS, the linear programme by its interior point", "prices, trim and fill"
GOAL = 50.0
GOAL_SHARE, GOAL_GAP, GOAL_GAP_MONEY = 0.9999, 1e-4, 5e-4
LINEAR_MEMBERS = 100_000  # more take the linear programme hours
TOLERANCE = 1e-7  # of HiGHS


def run(size: Size, say: Say) -> Outcome:
    """Both ways over the same members, no more than the linear programme can take; then ours over all of them."""
    few = ManyPairs(min(size.members, LINEAR_MEMBERS), size.offers)
    limits = counts(few, each=1)
    linear = linear_programme(few.block(slice(0, few.members)), limits)
    say(f"{BASELINE} took {linear.seconds:.1f} s")
    times, found = _ours(few, limits, size.repetitions)
    say(f"{OURS} took {min(times):.2f} to {max(times):.2f} s")
    many = ManyPairs(size.members, size.offers)
    cases = {"each_1": counts(many, each=1), "each_3": counts(many, each=3), "money": all_kinds(many)}
    figures = _beside(few, limits, found, linear) | {"goal_gap": GOAL_GAP, "goal_gap_money": GOAL_GAP_MONEY}
    over = exceeded(few, limits, found)
    for name, constraints in cases.items():
        seconds, each = _timed(partial(assign, many, constraints, report=say))
        figures |= {f"{name}_s": round(seconds, 2), f"{name}_gap": float(f"{each.gap:.2e}")}
        over += exceeded(many, constraints, each)
    return Contest((BASELINE, OURS), (linear.seconds,), times, agrees=_agree(found, linear)).outcome(
        "assign",
        size,
        goal=GOAL,
        offers=size.offers,
        peak_mb=peak_mb(_most_memory, size.members, size.offers),
        agrees=over == 0,
        figures=figures | {"violations": over, "load_average": round(os.getloadavg()[0], 1)},
    )


JOB = Job(
    "assign: within a ten-thousandth of the best possible, 50 times as fast as an LP solver, no limit exceeded", run
)


def exceeded(pairs: Pairs, limits: Constraints, found: Assignment) -> int:
    """Units over any limit, counted anew from the values themselves: offers, millionths of money, and what a member may
    not have."""
    k, c = pairs.offers, 0 if limits.capacity is None else len(limits.capacity)
    count, money, carried, wrong = np.zeros(k), np.zeros(k), np.zeros(c), 0
    for rows in parts(pairs):
        block, offer = pairs.block(rows), found.offer[rows]
        members, places = np.nonzero(offer >= 0)
        offers = offer[members, places]
        wrong += int((~np.isfinite(block.value[members, offers])).sum())
        wrong += len(offers) - len(np.unique(members * k + offers))
        count += np.bincount(offers, minlength=k)
        money += np.bincount(offers, weights=whole_millionths(block.use[members, offers]), minlength=k)
        if c and block.channel is not None:
            carried += np.bincount(block.channel[members, offers], minlength=c)
    over = [
        np.where(limits.count_limit < 0, 0, count - limits.count_limit),
        np.nan_to_num(money - limits.budget * MILLIONTHS, nan=0.0),
        money.sum() - (np.inf if limits.total_budget is None else limits.total_budget * MILLIONTHS),
        count.sum() - (np.inf if limits.contacts is None else limits.contacts),
        np.empty(0) if limits.capacity is None else np.where(limits.capacity < 0, 0, carried - limits.capacity),
    ]
    return wrong + int(sum(np.ceil(np.maximum(np.atleast_1d(part), 0)).sum() for part in over))


def _ours(few: ManyPairs, limits: Constraints, repetitions: int) -> tuple[tuple[float, ...], Assignment]:
    """So often that the median says something; the linear programme is solved once, as it takes minutes."""
    runs = [_timed(partial(assign, few, limits)) for _ in range(repetitions)]
    return tuple(seconds for seconds, _ in runs), runs[-1][1]


def _beside(few: ManyPairs, limits: Constraints, found: Assignment, linear: Linear) -> dict[str, Figure]:
    """How near ours and the greedy way come to the optimum, or, where that is not known, to what nothing exceeds."""
    highest = found.bound if linear.optimum is None else linear.optimum
    greedy_seconds, greedy = _timed(partial(_greedy, few.block(slice(0, few.members)), limits))
    return {
        "members_of_linear_programme": few.members,
        "linear_programme_solved": int(linear.optimum is not None),
        "share_of_optimum": round(found.value / highest, 7),
        "goal_share_of_optimum": GOAL_SHARE,
        "bound_over_optimum": None if linear.optimum is None else float(f"{found.bound / linear.optimum - 1:.2e}"),
        "greedy_share_of_optimum": round(greedy / highest, 5),
        "greedy_s": round(greedy_seconds, 2),
    }


def _agree(found: Assignment, linear: Linear) -> bool:
    """Whether the optimum, where it is known, is between our value and our bound."""
    if linear.optimum is None:
        return True
    return found.value <= linear.optimum * (1 + TOLERANCE) and linear.optimum <= found.bound * (1 + TOLERANCE)


def _greedy(everybody: Block, limits: Constraints) -> float:
    """All pairs in the order of their values, each given where there is still room."""
    members, offers = np.nonzero(everybody.value > 0)
    values = everybody.value[members, offers]
    order = np.argsort(-values, kind="stable")
    room, free = limits.count_limit.tolist(), [limits.each] * len(everybody.value)
    total = 0.0
    for member, offer, value in zip(
        members[order].tolist(), offers[order].tolist(), values[order].tolist(), strict=True
    ):
        if room[offer] and free[member]:
            room[offer] -= 1
            free[member] -= 1
            total += value
    return total


def _most_memory(members: int, offers: int) -> NDArray[np.int16]:
    pairs = ManyPairs(members, offers)
    return assign(pairs, counts(pairs, each=3)).offer


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer
