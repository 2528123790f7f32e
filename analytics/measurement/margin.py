"""What each member left in the till, after everything that was spent to get it."""

import numpy as np
from numpy.typing import NDArray

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
