"""A campaign that the retailer ran with another tool before: a plain randomised trial of sixteen offers by e-mail."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.demo.retailer import people
from config.demo.retailer.chance import Ints
from config.demo.retailer.responses import Contacts
from config.demo.retailer.world import EMAIL, World

REF = "PILOT"
NAME = "Sixteen offers, drawn at random"
HYPOTHESIS = "Members who are sent an offer spend more in the two weeks after it than those who are sent nothing."
DAYS_BEFORE_END = 84
OUTCOME_DAYS = 14
SHARE_HELD_OUT = 0.2
CONTACT_COST = "0.02"
SENT_MINUTE = 9 * 60
# Of every kind, and of most departments: positions into the offers.
OFFERS = np.array([0, 2, 3, 4, 6, 7, 8, 12, 14, 17, 22, 25, 28, 32, 36, 38])


@dataclass(frozen=True, eq=False)
class Pilot:
    """The audience (a,) as member positions, who of it was held out, and the offer that each would get or got."""

    day: int
    member: Ints
    held_out: NDArray[np.bool_]
    offer: Ints

    def contacts(self) -> Contacts:
        """The messages that were sent."""
        sent = np.flatnonzero(~self.held_out)
        return Contacts.at_once(self.member[sent], self.offer[sent], day=self.day, channel=EMAIL, minute=SENT_MINUTE)


def pilot(world: World) -> Pilot:
    """Everyone whom an e-mail could reach on the day, held out or given an offer by lot."""
    day = world.end - DAYS_BEFORE_END
    reachable = people.marketing(world, "email").holds_on(day) & (world.traits.joined < day)
    member = np.flatnonzero(reachable)
    drawn = np.floor(world.fixed("pilot offer", member) * len(OFFERS)).astype(np.int64)
    return Pilot(day, member, world.fixed("pilot arm", member) < SHARE_HELD_OUT, OFFERS[drawn])
