"""How much of what offers could earn is earned, by how many past decisions teach it, in worlds of known truth."""

import os
import time

import numpy as np

from campaigns.scoring import basis as bases
from campaigns.scoring import uplift
from campaigns.scoring.basis import Basis
from campaigns.scoring.history import History
from campaigns.scoring.intervals import wilson
from config.bench import planted, shoppers
from config.bench.empty_worlds import finds_an_effect
from config.bench.frame import Job, Outcome, Say, Size, peak_mb
from config.bench.race import AFFINITY, PROPENSITY, RANKERS, UPLIFT, Placed, race, together

GOAL_SHARE, MOST_HURT = 0.9, 0.01
GOAL_DECISIONS = 2_000_000  # of fewer only the order of the rankers is claimed
FIRST_WORLD = 201  # those from here on were never looked at when anything was chosen
STEPS = (100, 10, 1)  # of the curve: a hundredth, a tenth and all of the decisions
LATER_MEMBERS = 40_000
LEAST_DECISIONS = 5_000
EMPTY_WORLDS, MOST_MISTAKEN = 100, 5

Curve = dict[int, dict[str, Placed]]


def run(size: Size, say: Say) -> Outcome:
    """`size.members` is the most decisions to learn from, and `size.repetitions` the number of worlds, of which the
    figures are means. What is timed is learning and assigning by all decisions, beside the same by a tenth of them."""
    curves, seconds = [], []
    for seed in range(FIRST_WORLD, FIRST_WORLD + size.repetitions):
        curve, took = _curve(seed, size.members, say)
        curves.append(curve)
        seconds.append(took)
    mean = {decisions: _by_ranker([curve[decisions] for curve in curves]) for decisions in curves[0]}
    say(f"learning in {EMPTY_WORLDS} worlds in which offers do nothing")
    mistaken = sum(finds_an_effect(seed) for seed in range(1, EMPTY_WORLDS + 1))
    longest, shorter = (float(np.median([took[step] for took in seconds])) for step in (1, 10))
    return Outcome(
        job="worlds",
        members=size.members,
        offers=len(planted.world(1).terms),
        ours="by all decisions",
        seconds=longest,
        baseline="by a tenth of them",
        baseline_seconds=shorter,
        goal=0.0,
        agrees=_holds(mean, size.members) and mistaken <= MOST_MISTAKEN,
        peak_mb=round(peak_mb(_learned, size.members)),
        figures={
            **_figures(mean),
            "empty_worlds_mistaken_of_100": mistaken,
            "load_average": round(os.getloadavg()[0], 1),
        },
    )


JOB = Job(
    "worlds: of what the planted truth allows, 90 % is earned after 2,000,000 past decisions, more than by propensity "
    "or affinity after any number and with fewer members harmed; at most 1 in 100 is then hurt; and where there is no "
    "effect none is found",
    run,
)


def _curve(seed: int, most: int, say: Say) -> tuple[Curve, dict[int, float]]:
    world, curve, seconds = planted.world(seed), {}, {}
    later = shoppers.profiles(LATER_MEMBERS, np.random.default_rng([seed, 2]))
    for step in STEPS:
        decisions = max(most // step, LEAST_DECISIONS)
        basis, history = _drawn(seed, decisions)
        began = time.perf_counter()
        curve[decisions] = dict(race(world, history, basis, later))
        seconds[step] = time.perf_counter() - began
        told = (f"{name} {placed.share:.1%}, {placed.harmed:,} harmed" for name, placed in curve[decisions].items())
        say(f"world {seed}, {decisions:,} decisions: of what the truth allows {'; '.join(told)}")
    return curve, seconds


def _drawn(seed: int, decisions: int) -> tuple[Basis, History]:
    rng = np.random.default_rng([seed, 3])
    members = shoppers.profiles(decisions, rng)
    basis = bases.fitted(members)
    return basis, planted.history(planted.world(seed), members, basis, rng)


def _learned(decisions: int) -> None:
    basis, history = _drawn(1, decisions)
    uplift.learn(history, basis)


def _by_ranker(found: list[dict[str, Placed]]) -> dict[str, Placed]:
    return {name: together([each[name] for each in found]) for name in RANKERS}


def _holds(mean: Curve, most: int) -> bool:
    """The whole claim."""
    ahead = all(
        found[UPLIFT].share > found[other].share and found[UPLIFT].harmed < found[other].harmed
        for found in mean.values()
        for other in (PROPENSITY, AFFINITY)
    )
    last = mean[most][UPLIFT]
    return ahead and (most < GOAL_DECISIONS or (last.share >= GOAL_SHARE and last.hurt <= MOST_HURT * last.members))


def _figures(mean: Curve) -> dict[str, float | str | None]:
    return {
        f"{name}_{what}_at_{decisions}": value
        for decisions, found in mean.items()
        for name, placed in found.items()
        for what, value in _told(placed).items()
    }


def _told(placed: Placed) -> dict[str, float | str]:
    return {
        "share": round(placed.share, 4),
        "lost_share": round(placed.lost, 4),
        "members_harmed": _counted(placed.harmed, placed.members),
        "members_hurt": _counted(placed.hurt, placed.members),
        "members_harmed_with_exploration": round(placed.harmed_exploring, 4),
    }


def _counted(members: int, of: int) -> str:
    """A share with its count and its interval, which is about the members of these very worlds."""
    low, high = wilson(np.array(members), np.array(of))
    return f"{members / of:.4f} ({members:,} of {of:,}; {low:.4f} to {high:.4f})"
