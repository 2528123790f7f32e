import datetime as dt

import numpy as np
import pytest

from campaigns.models import Campaign, Decision, Run
from campaigns.models.decision import HELD_OUT, TREATED
from loyalty.models import Member, Purchase
from offers.models import Terms
from tests import making

FIRST = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
WINDOW = 14 * making.DAY
LATER = making.NOON + 90 * making.DAY


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def terms(db, mara, abel) -> list[Terms]:
    """Two kinds of offer."""
    kinds = {"points": "Points", "information": "Leaflet"}
    return [making.approved_terms(author=mara, approver=abel, kind=kind, name=name) for kind, name in kinds.items()]


@pytest.fixture
def shoppers(db, data) -> list[Member]:
    """Members, every other of whom bought coffee and the others tea, before any campaign began."""
    coffee, tea = (making.product(category=f"{name} > All", department=name) for name in ("Coffee", "Tea"))
    rng = np.random.default_rng(1)
    members = Member.objects.bulk_create(Member(ref=f"s{number}") for number in range(1_000))
    for day in (-3, -1, 27, 29, 57, 59):
        at = FIRST + day * making.DAY
        _buy(members, at=at, margins=rng.gamma(2, 3, len(members)), products=[coffee, tea], tag=f"day-{day}")
    return members


def _buy(members, *, at, margins, products=(None,), offers=None, tag="before") -> None:
    offers = offers or [""] * len(members)
    Purchase.objects.bulk_create(
        Purchase(
            line_ref=f"{tag}-{member.pk}",
            basket_ref=f"{tag}-{member.pk}",
            member=member,
            purchased_at=at,
            quantity=1,
            net_amount=f"{4 * margin:.2f}",
            margin_amount=f"{margin:.2f}",
            product=products[number % len(products)],
            offer_ref=offer,
        )
        for number, (member, margin, offer) in enumerate(zip(members, margins, offers, strict=True))
    )


@pytest.fixture
def happened(shoppers, terms):
    """Past campaigns of another tool, a month apart: a third held out, the others an offer at random.

    What an offer adds is told by `effect(buys_coffee, kind)`, both arrays.
    """

    def happen(count: int, effect, *, seed: int = 2) -> list[Run]:
        rng = np.random.default_rng(seed)
        return [_happen(number, shoppers, terms, effect, rng) for number in range(count)]

    return happen


def _happen(number, members, terms, effect, rng) -> Run:
    at = FIRST + number * 30 * making.DAY
    campaign = making.campaign(imported=True, design=Campaign.Design.RANDOMISED)
    run = making.run(campaign, *terms, state=Run.State.FINISHED, outcomes_from=at, outcomes_until=at + WINDOW)
    offers = list(run.offers.order_by("position"))
    drawn = rng.integers(-1, len(terms), len(members))
    kinds = np.array([*(each.kind for each in terms), ""])[drawn]
    adds = np.where(drawn < 0, 0.0, effect(np.arange(len(members)) % 2 == 0, kinds))
    redeems = (drawn >= 0) & (rng.random(len(members)) < np.where(adds > 0, 0.5, 0.1))
    Decision.objects.bulk_create(
        Decision(
            run=run,
            member=member,
            arm=HELD_OUT if offer < 0 else TREATED,
            held_out=bool(offer < 0),
            run_offer=None if offer < 0 else offers[offer],
            at=at,
        )
        for member, offer in zip(members, drawn, strict=True)
    )
    refs = [terms[offer].offer.ref if redeemed else "" for offer, redeemed in zip(drawn, redeems, strict=True)]
    _buy(members, at=at + making.DAY, margins=rng.gamma(2, 1.5, len(members)) + adds, offers=refs, tag=f"run-{run.pk}")
    return run
