import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from campaigns import building
from campaigns.models import Scorer
from campaigns.scoring import basis, outlook
from loyalty import profiles, segmentation
from loyalty.models.consent import Channel
from loyalty.profiling import dictionary
from tests import making
from tests.offers.rules import tables

TODAY = dt.date(2026, 3, 2)
MEMBERS = 60


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    settings.MAILBOX = tmp_path / "mailbox"
    return tmp_path


@pytest.fixture
def shoppers(db, data):
    """Members who bought, all but every tenth agreed to e-mail; their profiles are built."""
    beans = making.product()
    shoppers = [making.member() for _ in range(MEMBERS)]
    for number, member in enumerate(shoppers):
        making.purchase(member, at=making.NOON - (number % 30 + 1) * making.DAY, product=beans)
        if number % 10:
            making.grant(member, Channel.EMAIL)
    profiles.build(TODAY, at=making.NOON)
    return shoppers


@pytest.fixture
def draft(shoppers, mara, abel):
    """A campaign that nothing stops from being launched: two offers, one of them scarce."""
    version = segmentation.save(None, name="Everybody", rule={"all": []}, by=mara, at=making.NOON)
    scarce = making.approved_terms(author=mara, approver=abel, name="Scarce")
    plenty = making.approved_terms(author=mara, approver=abel, name="Plenty")
    campaign = building.create(
        "Spring",
        by=mara,
        at=making.NOON,
        hypothesis="They come back.",
        primary_metric="margin",
        exit_criterion="No lift after two weeks.",
        segment=version.segment,
        channels=[Channel.EMAIL],
        share_held_out=Decimal("0.2"),
        share_explored=Decimal(0),
        starts_at=making.NOON - making.DAY,
        ends_at=making.NOON + 30 * making.DAY,
    )
    building.choose_offers(campaign, [scarce.offer, plenty.offer])
    building.limit_offers(campaign, {scarce.offer_id: building.OfferLimit(5, None)})
    return campaign


@pytest.fixture
def scorers_of_members(db) -> list[Scorer]:
    """A scorer of either kind, learned from members of whom those who were here lately come again and spend."""
    recency = np.linspace(1, 89, 400)
    members, came = tables.profiles(400, recency_days=recency), recency < 45
    members = replace(members, features={name: dictionary.FIXED[name] for name in members.columns})
    known = basis.fitted(members)
    learned = {
        kind: outlook.learn(kind, known, members, came, 10.0 * came, window_days=90) for kind in ("churn", "lifetime")
    }
    return [
        making.scorer(purpose=kind, kind=kind, state=Scorer.State.CHAMPION, parameters=each.to_json())
        for kind, each in learned.items()
    ]
