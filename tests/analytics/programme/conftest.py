import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from campaigns import holdouts
from campaigns.assignment import holdout
from campaigns.assignment.holdout import Layer
from loyalty.models import Member, Purchase
from tests import making
from tests.campaigns.conftest import data

__all__ = ["data", "draw", "shop"]

WASHED_OUT = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)  # midnight, two weeks after the day of the draw
MEMBERS = 300


@pytest.fixture
def draw(db, otto):
    """A third take part in nothing, from 2 March 2026 on."""
    return holdouts.draw(
        begins=making.NOON.date(),
        universal_share=Decimal("0.3"),
        generic_share=Decimal(0),
        by=otto,
        at=making.NOON,
    )


@pytest.fixture
def shop(draw):
    """Members of whom those in the universal holdout each buy for one margin, and all others for another."""

    def shop(*, else_: float = 5.0, universal: float = 3.0, at: dt.datetime = WASHED_OUT + making.DAY):
        members = Member.objects.bulk_create(Member(ref=f"u{number}") for number in range(MEMBERS))
        layer = Layer(draw.universal_salt, draw.universal_share)
        inside = holdout.inside([member.ref for member in members], layer)
        noise = np.random.default_rng(7).normal(0, 0.5, MEMBERS)
        Purchase.objects.bulk_create(
            Purchase(
                line_ref=f"x{number}",
                basket_ref=f"y{number}",
                member=member,
                purchased_at=at,
                quantity=Decimal(1),
                net_amount=Decimal(20),
                margin_amount=Decimal(str(round((universal if held_out else else_) + off, 4))),
            )
            for number, (member, held_out, off) in enumerate(zip(members, inside, noise, strict=True))
        )
        return inside

    return shop
