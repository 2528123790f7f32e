"""A frozen report as its page shows it: what stands in it, with its figures."""

from dataclasses import dataclass, replace

from analytics.body import Body, Check, Judged, Slice
from analytics.figures import by_day, deciles, parts
from analytics.figures.intervals import Figure
from analytics.measurement.deciles import TENTHS
from analytics.presenting.headlines import Headline, headline
from analytics.telling.conclusions import Criterion, criterion, personal_or_generic
from analytics.telling.steps import Steps, steps

GRAVEST_FIRST = ("stop", "look", "unknown", "fine")


@dataclass(frozen=True)
class Presented:
    body: Body
    headline: Headline
    steps: Steps
    criterion: Criterion | None
    personal_or_generic: str
    tenths: tuple[Slice, ...]
    checks: list[Check]
    by_day: Figure | None
    deciles: Figure | None
    parts: Figure | None

    @property
    def first(self) -> Judged | None:
        """The metric it was to be judged by."""
        return self.body.judged[0] if self.body.judged else None

    @property
    def is_single(self) -> bool:
        """Whether there is one arm and one to compare it with."""
        return len({(each.arm, each.versus) for each in self.body.judged}) == 1

    @property
    def family(self) -> int:
        """How many secondary metrics were tested together."""
        return sum(each.q is not None for each in self.body.judged)

    @property
    def whole(self) -> float:
        """What all parts come to per member."""
        return sum(part.each.value for part in self.body.parts)

    @property
    def compared(self) -> int:
        """Members of the arm that is told; 0 where there are several."""
        first = self.first
        arms = self.body.arms if first and self.is_single else ()
        return next((arm.members for arm in arms if first and arm.arm == first.arm), 0)

    @property
    def few_tenths(self) -> int:
        """How many groups have too few members to conclude anything."""
        return sum(each.few is not None for each in self.tenths)

    @property
    def has_ties(self) -> bool:
        """Whether members of equal scores left fewer groups than tenths."""
        return 0 < len(self.tenths) < TENTHS

    @property
    def has_ceiling(self) -> bool:
        margin = self.headline.margin
        return margin is not None and margin.clip_at is not None

    @property
    def knows_reached(self) -> bool:
        return any(arm.reached is not None for arm in self.body.arms)

    @property
    def has_shares(self) -> bool:
        return any(each.kind == "share" for each in self.body.judged)

    @property
    def cost(self) -> float:
        return sum(each.amount for each in self.body.costs)

    @property
    def fine(self) -> list[Check]:
        return [check for check in self.checks if check.state == "fine"]

    @property
    def not_fine(self) -> list[Check]:
        return [check for check in self.checks if check.state != "fine"]


def presented(body: Body) -> Presented:
    """Everything that the page needs of a report."""
    tenths = _groups(body.deciles)
    return Presented(
        body=body,
        headline=headline(body),
        steps=steps(body),
        criterion=criterion(body),
        personal_or_generic=personal_or_generic(body),
        tenths=tenths,
        checks=sorted(body.checks, key=lambda check: GRAVEST_FIRST.index(check.state)),
        by_day=by_day.cumulative(body.days, currency=body.currency),
        deciles=deciles.uplift(tenths, currency=body.currency),
        parts=parts.waterfall(body.parts, currency=body.currency),
    )


def _groups(deciles: tuple[Slice, ...]) -> tuple[Slice, ...]:
    """Numbered anew where members of equal scores left some tenths without anybody."""
    return tuple(replace(each, name=str(number)) for number, each in enumerate(deciles, start=1))
