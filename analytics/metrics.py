"""What a report measures of every member: the metrics that a campaign may be judged by, and two that explain them."""

from dataclasses import dataclass

from analytics.body import Kind
from campaigns.models import Campaign

MARGIN, SPEND = str(Campaign.Metric.MARGIN), str(Campaign.Metric.SPEND)
PURCHASERS, BASKETS = str(Campaign.Metric.PURCHASERS), str(Campaign.Metric.BASKETS)
ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Metric:
    """A value per member or, where it is `over` another, the ratio of the sums of both."""

    name: str
    label: str
    kind: Kind
    of: str
    over: str = ""

    @property
    def is_ratio(self) -> bool:
        return bool(self.over)

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.of, self.over) if self.over else (self.of,)

    @property
    def is_yes_or_no(self) -> bool:
        return self.kind == "share" and not self.over


def _each(name: str, kind: Kind) -> Metric:
    return Metric(name, str(Campaign.Metric(name).label), kind, of=name)


METRICS = (
    _each(MARGIN, "money"),
    _each(SPEND, "money"),
    _each(PURCHASERS, "share"),
    _each(BASKETS, "number"),
    Metric("margin_share", "Margin as a share of spend", "share", of=MARGIN, over=SPEND),
    Metric("items_per_basket", "Items per basket", "number", of=ITEMS, over=BASKETS),
)


def promised_first(promised: str) -> list[Metric]:
    """All metrics, beginning with the one that was promised, if it is one."""
    return sorted(METRICS, key=lambda metric: metric.name != promised)
