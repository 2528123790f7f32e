"""Whom terms are open to and what they may cost: what a reviewer weighs."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from loyalty.profiling.table import Profiles, day_number
from loyalty.stated import told
from offers import catalog
from offers.models import Terms
from offers.rules import costs, eligibility


@dataclass(frozen=True)
class Reach:
    """Members known and members the terms are open to, and the mean cost of one redemption among those, in money."""

    members: int
    open_to: int
    cost_per_redemption: Decimal | None


def of(terms: Terms, profiles: Profiles, *, on: dt.date) -> Reach:
    """Judge the terms on their first day, or on `on` once that is past; Refused where their rule cannot be read."""
    table = catalog.terms_table([terms], profiles)
    day = max(on, terms.valid_from or on)
    allowed = eligibility.allowed(told.beside(profiles), table, on_day=day_number(day)).allowed[:, 0]
    costs_each = costs.redemption_cost(table, profiles.column("average_basket"))[allowed, 0]
    mean = Decimal(f"{np.mean(costs_each, dtype=np.float64):.2f}") if len(costs_each) else None
    return Reach(members=len(profiles), open_to=int(np.count_nonzero(allowed)), cost_per_redemption=mean)
