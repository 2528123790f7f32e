"""Assigns members who are all held in memory."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from campaigns.assignment import core
from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import bound
from campaigns.assignment.descent import settled
from campaigns.assignment.found import Found
from campaigns.assignment.given import best_first, given, worths
from campaigns.assignment.limits import Limits
from campaigns.assignment.pairs import Block, paying
from campaigns.assignment.rows import Rows, Rules, rows
from campaigns.assignment.survey import taken

FIRST_SAMPLE = 2_000


def of_few(everybody: Block, rules: Rules) -> Found:
    """All members at once, in the order of their ties, so that the order of the rows does not matter."""
    order = np.argsort(everybody.tie, kind="stable")
    in_order = taken(everybody, order)
    found, back = _best(rows(in_order, rules), paying(in_order), rules.limits), np.argsort(order)
    return replace(found, offer=found.offer[back], worth=found.worth[back], pays=found.pays[back])


def _best(members: Rows, pays: NDArray[np.bool_], limits: Limits) -> Found:
    """The most valuable assignment found, and the prices that prove most."""
    if not members.value.size:
        prices = Prices.free(len(limits.count), len(limits.capacity))
        offer = np.full((len(members), members.each), -1, dtype=np.int16)
        taken_by_all = given(offer, members).taken(limits)
        return Found(offer, worths(offer, members.worth), pays, 0.0, taken_by_all, prices, 0.0)
    whole = limits.whole()
    prices = settled(members, whole, sample=FIRST_SAMPLE)
    has = core.within(members, whole, prices)
    value = math.fsum(members.worth[has.members, has.offers])
    upper = bound(members.as_they_came(), limits, prices)
    offer = best_first(has, members)
    # They may differ by the rounding of a sum where nothing binds.
    upper = max(upper, value)
    return Found(offer, worths(offer, members.worth), pays, value, has.taken(limits), prices, upper)
