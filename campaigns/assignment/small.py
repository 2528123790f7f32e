"""Assigns members who are all held in memory."""

import math
from dataclasses import replace

import numpy as np

from campaigns.assignment import core
from campaigns.assignment.bound import Prices
from campaigns.assignment.choosing import bound
from campaigns.assignment.descent import settled
from campaigns.assignment.found import Found
from campaigns.assignment.given import best_first, given
from campaigns.assignment.limits import Limits
from campaigns.assignment.pairs import Block
from campaigns.assignment.rows import Rows, Rules, rows
from campaigns.assignment.survey import taken

FIRST_SAMPLE = 2_000


def of_few(everybody: Block, rules: Rules) -> Found:
    """All members at once, in the order of their ties, so that the order of the rows does not matter."""
    order = np.argsort(everybody.tie, kind="stable")
    found = _best(rows(taken(everybody, order), rules), rules.limits)
    offer = np.empty_like(found.offer)
    offer[order] = found.offer
    return replace(found, offer=offer)


def _best(members: Rows, limits: Limits) -> Found:
    """The most valuable assignment found, and the prices that prove most."""
    if not members.value.size:
        prices = Prices.free(len(limits.count), len(limits.capacity))
        offer = np.full((len(members), members.each), -1, dtype=np.int16)
        return Found(offer, 0.0, given(offer, members).taken(limits), prices, 0.0)
    whole = limits.whole()
    prices = settled(members, whole, sample=FIRST_SAMPLE)
    has = core.within(members, whole, prices)
    value = math.fsum(members.worth[has.members, has.offers])
    upper = bound(members.as_they_came(), limits, prices)
    # They may differ by the rounding of a sum where nothing binds.
    return Found(best_first(has, members), value, has.taken(limits), prices, max(upper, value))
