"""All campaigns taken together: most alone are too small to tell whether they pay."""

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.special import ndtri

from analytics import telling
from analytics.body import Body, Estimate
from analytics.measurement.lift import LEVEL, NotMeasured, upper_tail
from analytics.measurement.meta import random_effects

# Of all variance between campaigns' figures, the share from which they are said to differ in truth (Higgins 2003).
DIFFERENT = 0.5


@dataclass(frozen=True)
class Together:
    """The mean margin per member of so many campaigns, and whether they differ by more than chance explains."""

    campaigns: int
    each: Estimate
    differ: bool


def together(bodies: Iterable[Body]) -> Together | None:
    """Of campaigns whose members were drawn at random and whose window is closed; None for fewer than two."""
    told = [each for body in bodies if (each := _told(body)) is not None]
    quantile = float(ndtri(upper_tail(LEVEL)))
    errors = [(each.high - each.low) / 2 / quantile for each in told]
    found = random_effects([each.value for each in told], errors)
    if isinstance(found, NotMeasured):
        return None
    return Together(
        found.campaigns, Estimate(found.estimate, found.low, found.high, found.p), found.i_squared >= DIFFERENT
    )


def _told(body: Body) -> Estimate | None:
    if not body.causal or body.is_hidden or body.is_open:
        return None
    margin = telling.margin(body)
    return margin.headline.each if margin else None
