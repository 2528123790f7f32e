"""What a report says, in plain values: frozen as JSON, and read back for pages, exports and the API.

Money is in the programme's currency, shares are 0..1, times carry their zone. What cannot be told is None, with the
reason beside it, and never 0.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Kind = Literal["money", "share", "number"]
Word = Literal["pays", "does_not_pay", "not_yet_known", "not_causal"]
State = Literal["fine", "look", "stop", "unknown"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with the ends of its interval, and its two-sided p where one belongs to it."""

    value: float
    low: float
    high: float
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one arm had more than another: per member in the metric's unit, as a share of the other's mean, and times
    the members of the arm. `reason` says why nothing is told; then all are None.

    The range of `relative` is by the delta method, that of `per_cent` by Fieller's, which holds 0 where `each` does.
    """

    each: Estimate | None = None
    relative: Estimate | None = None
    in_total: Estimate | None = None
    reason: str = ""
    per_cent: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Few:
    """An arm with too few members to conclude anything from a range, and about how many it needs."""

    arm: str
    members: int
    needed: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One metric, one arm against another.

    `headline` is by the method that the plan fixed (adjusted for what members did before, values held at `clip_at`),
    `plain` is the difference of means as they are. `q` is p among all secondary metrics (Benjamini–Hochberg).
    """

    metric: str
    label: str
    kind: Kind
    arm: str
    versus: str
    headline: Effect
    plain: Effect
    always: Estimate | None
    r_squared: float | None
    clip_at: float | None
    q: float | None = None
    few: Few | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """`planned` is its share of all who were decided on; `means` are per member, by metric."""

    arm: str
    members: int
    planned: float | None
    reached: int | None
    means: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Promise:
    """What was fixed at the launch, under a digest; the report judges against this and not against later edits."""

    hypothesis: str
    metric: str
    design: str
    exit_criterion: str
    outcome_days: int
    detectable: float | None
    detectable_relative: float | None
    level: float
    segments: tuple[str, ...]
    locked_at: dt.datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Needed:
    """What would tell the difference from none, were it to stay what it is: each by itself, None where it would not.

    `members` were compared, `held_out` is the share of them held out, and `times` as much would have to be seen.
    `days` more of the same window, `more_members`, or `larger_holdout`, a share of as many members.
    """

    times: float
    members: int
    held_out: float
    days: int | None = None
    more_members: int | None = None
    larger_holdout: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word, one sentence in money, and what it needs to be known where it is not.

    `settles` is in words: reports that were frozen earlier have it in place of `needed`.
    """

    word: Word
    sentence: str
    settles: tuple[str, ...] = ()
    needed: Needed | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A guard by its name. One that says stop hides every number until it is mended."""

    name: str
    state: State
    sentence: str


@dataclass(frozen=True, slots=True)
class Day:
    """The effect per member from the beginning up to the end of that day: by the interval of a day that was planned,
    and by one that may be looked at every day."""

    day: dt.date
    fixed: Estimate
    always: Estimate


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the members: a segment named beforehand, or a tenth by predicted value, which is `predicted` in the mean,
    from `lowest` to `highest`."""

    name: str
    members: int
    versus_members: int
    effect: Effect
    predicted: float | None = None
    lowest: float | None = None
    highest: float | None = None
    few: Few | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Members whom a message reached, as shares of both arms, and the effect on those actually reached."""

    treated: float
    held_out: float
    effect: Effect


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the whole effect per member, in money; all parts add up to it."""

    name: str
    label: str
    each: Estimate


@dataclass(frozen=True, slots=True)
class Given:
    """What redemptions were given in discounts and rewards, and what of it went to purchases that would have been made
    anyway, in money; `extra` more purchases came of them."""

    amount: float
    anyway: Estimate
    redemptions: int
    extra: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Engagement: something that members did with a message, never a verdict."""

    label: str
    members: int
    of: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    label: str
    amount: float


class Told:
    """What every kind of report says of itself."""

    __slots__ = ()

    closes: dt.datetime
    as_of: dt.datetime
    checks: tuple[Check, ...]
    judged: tuple[Judged, ...]

    @property
    def is_open(self) -> bool:
        return self.as_of < self.closes

    @property
    def is_hidden(self) -> bool:
        return any(check.state == "stop" for check in self.checks)

    def of(self, metric: str) -> Judged | None:
        return next((each for each in self.judged if each.metric == metric), None)


@dataclass(frozen=True, slots=True)
class Body(Told):
    """One report. `judged` begins with the metric that was promised; margin is always among them.

    `engagement`, `costs` and `given` are of the arms that are compared, not of those they are compared with.
    """

    campaign: str
    name: str
    run: int
    currency: str
    since: dt.datetime
    until: dt.datetime
    closes: dt.datetime
    as_of: dt.datetime
    causal: bool
    verdict: Verdict
    checks: tuple[Check, ...]
    arms: tuple[Arm, ...]
    judged: tuple[Judged, ...]
    notes: tuple[str, ...] = ()
    promise: Promise | None = None
    personal_or_generic: tuple[Judged, ...] = ()
    reached: Reached | None = None
    days: tuple[Day, ...] = ()
    segments: tuple[Slice, ...] = ()
    deciles: tuple[Slice, ...] = ()
    parts: tuple[Part, ...] = ()
    engagement: tuple[Counted, ...] = ()
    costs: tuple[Cost, ...] = ()
    given: Given | None = None
