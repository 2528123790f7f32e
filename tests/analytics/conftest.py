from decimal import Decimal

import pytest

from campaigns.models import Campaign
from tests import making
from tests.campaigns.conftest import data, draft, shoppers

__all__ = ["campaign", "data", "draft", "now", "run", "shoppers", "terms"]

AFTER = making.NOON + 20 * making.DAY


@pytest.fixture
def now(monkeypatch):
    """The programme's clock stands once the outcome window has closed; `now(moment)` moves it."""

    def stand(moment):
        monkeypatch.setattr("loyalty.clock.now", lambda: moment)

    stand(AFTER)
    return stand


@pytest.fixture
def terms(mara, abel):
    return making.approved_terms(author=mara, approver=abel, reward_cost=Decimal("0.50"))


@pytest.fixture
def campaign(db):
    return making.campaign(contact_cost=Decimal("0.10"), state=Campaign.State.RUNNING)


@pytest.fixture
def run(campaign, terms):
    return making.run(campaign, terms, state="finished", share_held_out=0.5)


def decide(run, spends, *, held_out, margin="1"):
    """One member per spend; 0 buys nothing."""
    for spend in spends:
        member = making.member()
        making.decision(run, member, offer=None if held_out else run.offers.get(), held_out=held_out)
        if spend:
            making.purchase(member, at=making.NOON + making.DAY, net=str(spend), margin=margin)


def decide_alike(run, *, treated="5", held_out="1"):
    """Thirty members in each arm; two in three buy, at such a margin."""
    decide(run, [10, 20, 0] * 10, held_out=False, margin=treated)
    decide(run, [10, 20, 0] * 10, held_out=True, margin=held_out)
