"""What each member left in the till, after everything that was spent to get it, and where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from analytics.measurement.lift import LEVEL, Lift, NotMeasured, welch
from analytics.measurement.moments import Moments

E4 = 10_000


def member_totals(member: NDArray[np.integer], amount_e4: NDArray[np.int64], members: int) -> NDArray[np.float64]:
    """Sum of lines per member in currency units, 0 for a member without lines.

    member (m,) positions 0..members-1, amount_e4 (m,) ten-thousandths of the currency unit, returns negative.
    Sums are exact up to 9e11 currency units per member. Raises ValueError for a position outside, or unequal shapes.
    """
    if member.shape != amount_e4.shape:
        raise ValueError("There must be one member position per amount.")
    if member.size and not 0 <= int(member.min()) <= int(member.max()) < members:
        raise ValueError("A line belongs to no member of the list.")
    return np.bincount(member, weights=amount_e4, minlength=members) / E4


def net_margin(
    gross: NDArray[np.float64], *, rewards: NDArray[np.float64], messages: NDArray[np.integer], contact_cost: float
) -> NDArray[np.float64]:
    """Margin per member net of reward and contact cost, in currency units (n,); unknown stays NaN.

    gross (n,) whole-basket margin after the discounts at the till; rewards (n,) what redeemed offers cost beyond
    those (points, gifts); messages (n,) sent; contact_cost per message. The same for both arms: a held-out member's
    rewards of the base programme count too.
    """
    if not gross.shape == rewards.shape == messages.shape:
        raise ValueError("Margin, rewards and messages need one entry per member, in the same order.")
    return gross - rewards - messages * contact_cost


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the effect per member; its estimate is known even where no interval is."""

    name: str
    estimate: float
    lift: Lift | NotMeasured


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Parts of the effect per member, which add up to the `whole`."""

    parts: tuple[Part, ...]
    whole: float


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Of the discount on redemptions, what went to purchases that would have been made anyway."""

    redemptions: float
    discount: float
    incremental_share: float
    subsidised: float


def decomposition(parts: Mapping[str, tuple[Moments, Moments]], *, level: float = LEVEL) -> Decomposition:
    """The effect on each part of the basket: treated against reference moments of the part's total per member.

    Every line of a member's basket, and every cost, belongs to one part, so that nothing counts twice:
    the target category; the rest of its department, where a minus is what was cannibalised; other departments, where a
    plus is a halo; rewards and contacts, as minus amounts. Raises ValueError unless all parts are of the same members.
    """
    if len({(treated.n, reference.n) for treated, reference in parts.values()}) > 1:
        raise ValueError("All parts of the effect must be measured of the same members.")
    found = tuple(
        Part(name, treated.mean - reference.mean, welch(treated, reference, level=level))
        for name, (treated, reference) in parts.items()
    )
    return Decomposition(found, fsum(part.estimate for part in found))


def subsidy(treated: Moments, reference: Moments, *, redemptions: float, discount: float) -> Subsidy:
    """What of the discount was given away: discount x (1 - incremental share).

    treated and reference: moments of purchases that the offer is for, per member; the lift in them, over all treated
    members, is what the redemptions brought, no less than none and no more than all of them.
    """
    extra = treated.n * (treated.mean - reference.mean)
    share = min(1.0, max(0.0, extra / redemptions)) if redemptions else 0.0
    return Subsidy(redemptions, discount, share, discount * (1 - share))
