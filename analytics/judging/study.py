"""Which arm is compared with which, and the sums by which they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.gathering import Gathered
from analytics.gathering.members import NOT_DECIDED_ON
from analytics.measurement import cells, moments, tails
from analytics.measurement.lift import LEVEL
from analytics.measurement.moments import Moments, Paired, Ratio
from analytics.measurement.ratio import PairedRatio, paired_ratio
from analytics.metrics import MARGIN, Metric
from campaigns.models.decision import GENERIC, HELD_OUT, TREATED, UNIVERSAL


@dataclass(frozen=True, eq=False)
class Study:
    """What was gathered, seen by arms. `level` is that of all intervals."""

    of: Gathered
    level: float = LEVEL

    @cached_property
    def arms(self) -> tuple[str, ...]:
        return tuple(sorted(self.of.members.arms))

    @cached_property
    def reference(self) -> str:
        """Who was held out; without anybody, the arm that is the nearest to it, or the largest."""
        members = self.of.members
        largest = sorted(self.arms, key=lambda arm: (-members.count(arm), arm))
        return next((arm for arm in (HELD_OUT, GENERIC, NOT_DECIDED_ON) if arm in members.arms), largest[0])

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The arms that are told against the reference. Members of the universal holdout are compared by quarter."""
        others = [arm for arm in self.arms if arm not in (self.reference, UNIVERSAL)]
        return (TREATED,) if self.of.is_ours and TREATED in others else tuple(others)

    @cached_property
    def is_compared(self) -> np.ndarray:
        """(n,) whether a member is in an arm that is told against the reference; everyone where there is none."""
        members = self.of.members
        return np.isin(members.arm, [members.arms.index(arm) for arm in self.compared or self.arms])

    @property
    def tells_margin(self) -> bool:
        """Whether there is one arm that chance set apart from its reference, and what both earned is known."""
        return self.of.is_random and len(self.compared) == 1 and MARGIN in self.of.now

    def has(self, metric: Metric) -> bool:
        return all(name in self.of.now for name in metric.parts)

    def plain(self, metric: Metric, arm: str) -> Moments:
        return self._plain[metric.of][arm]

    def paired(self, metric: Metric, arm: str) -> Paired:
        """With values held at the limits, and those of the time before."""
        return self.paired_of(metric.of, arm)

    def paired_of(self, name: str, arm: str) -> Paired:
        return self._paired[name][arm]

    def ratio(self, metric: Metric, arm: str) -> Ratio:
        within = self.of.members.within(arm)
        return moments.ratio(self.of.now[metric.of][within], self.of.now[metric.over][within])

    def paired_ratio(self, metric: Metric, arm: str) -> PairedRatio:
        within, now, before = self.of.members.within(arm), self.of.now, self.of.before
        columns = (now[metric.of], now[metric.over], before[metric.of], before[metric.over])
        return paired_ratio(*(column[within] for column in columns))

    def knew_before(self, metric: Metric) -> bool:
        return all(name in self.of.before for name in metric.parts)

    def mean(self, metric: Metric, arm: str) -> float:
        return self.ratio(metric, arm).mean if metric.is_ratio else self.plain(metric, arm).mean

    @cached_property
    def _plain(self) -> Mapping[str, Mapping[str, Moments]]:
        sums = self._by_arm(self.of.now)
        return {name: {arm: each.outcome for arm, each in by_arm.items()} for name, by_arm in sums.items()}

    @cached_property
    def _paired(self) -> Mapping[str, Mapping[str, Paired]]:
        return self._by_arm({name: self.held(name) for name in self.of.now})

    def held(self, name: str) -> np.ndarray:
        """(n,) values of a metric, none beyond its limit."""
        values, limit = self.of.now[name], self.of.clip_at.get(name)
        return values if limit is None else tails.clipped(values, limit)

    def left(self, name: str) -> np.ndarray:
        """(n,) what is left of those values once what members did before is taken out, as the headline does."""
        values, before = self.held(name), self.of.before.get(name)
        return values if before is None else values - self._theta(name) * before

    def skewness(self, metric: Metric) -> float:
        """Of what is left, or of what each adds to a ratio, over all members: arms that were drawn from them are alike
        skewed."""
        if metric.name not in self._skewness:
            self._skewness[metric.name] = tails.skewness(
                self._added(metric) if metric.is_ratio else self.left(metric.of)
            )
        return self._skewness[metric.name]

    @cached_property
    def _skewness(self) -> dict[str, float]:
        return {}

    def _added(self, metric: Metric) -> np.ndarray:
        """(n,) what each member has above the ratio of all, but for a factor."""
        above, below = self.of.now[metric.of], self.of.now[metric.over]
        return above - (above.sum() / below.sum() if below.any() else 0.0) * below

    def _theta(self, name: str) -> float:
        """By how much a unit of the time before moves a metric, over all arms."""
        arms = list(self._paired[name].values())
        both = sum(arms[1:], start=arms[0])
        return both.covariance / both.before.variance if both.before.variance > 0 else 0.0

    def _by_arm(self, values: Mapping[str, np.ndarray]) -> Mapping[str, Mapping[str, Paired]]:
        members, nothing = self.of.members, np.zeros(len(self.of.members))
        before = [self.of.before.get(name, nothing) for name in values]
        tally = cells.tally(list(values.values()), before, members.arm, len(members.arms))
        return {
            name: {arm: tally.paired(metric, code) for code, arm in enumerate(members.arms)}
            for metric, name in enumerate(values)
        }
