import pytest

from campaigns import building, launching, run
from campaigns.building import OfferLimit
from campaigns.models import Scorer
from loyalty.refusal import Refused
from tests import making
from tests.campaigns.conftest import TODAY

pytestmark = pytest.mark.django_db


def of_limits(draft):
    return [blocker.sentence for blocker in launching.blockers(draft, on=TODAY) if blocker.step == "limits"]


@pytest.fixture
def scarce(draft):
    return draft.offers.get(limit=5).offer_id


def test_a_minimum_above_the_limit_blocks_the_launch_by_name(draft, scarce):
    building.limit_offers(draft, {scarce: OfferLimit(5, None, least=6)})
    assert of_limits(draft) == [
        "Scarce: the minimum of 6 members is above its limit of 5. Lower the one or raise the other."
    ]
    with pytest.raises(Refused, match="Scarce: the minimum of 6"):
        launching.inputs(draft, at=making.NOON, on=TODAY)


def test_a_minimum_within_the_limit_blocks_nothing(draft, scarce):
    """The control of the test above."""
    building.limit_offers(draft, {scarce: OfferLimit(5, None, least=5)})
    assert of_limits(draft) == []


def test_a_minimum_above_what_the_terms_allow_blocks_the_launch(draft, mara, abel):
    rare = making.approved_terms(author=mara, approver=abel, name="Rare", limit_total=3).offer
    building.choose_offers(draft, [rare])
    building.limit_offers(draft, {rare.pk: OfferLimit(50, None, least=4)})
    assert of_limits(draft) == [
        "Rare: the minimum of 4 members is above its limit of 3. Lower the one or raise the other."
    ]


def test_a_minimum_is_kept_in_the_record_of_the_run(draft, scarce, mara, monkeypatch):
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    building.limit_offers(draft, {scarce: OfferLimit(5, None, least=2)})
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    assert launched.offers.get(offer=scarce).least == 2


@pytest.fixture
def trained(monkeypatch):
    """The moments at which a scorer was asked for that had to be trained first."""
    moments, champion = [], launching.training.champion
    monkeypatch.setattr(launching.training, "champion", lambda *, at: moments.append(at) or champion(at=at))
    monkeypatch.setattr("campaigns.hints.work_on", lambda *_, **__: None)
    return moments


def test_a_launch_trains_nothing_and_whoever_plans_the_run_does(draft, mara, trained):
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    assert (launched.scorer, trained) == (None, [])
    run.work(launched.pk, now=lambda: making.NOON)
    launched.refresh_from_db()
    assert trained == [making.NOON]
    assert launched.scorer == Scorer.objects.champion(Scorer.Purpose.OFFERS)
    assert launched.state == launched.State.FINISHED


def test_a_scorer_in_use_is_fixed_by_the_launch(draft, mara, trained):
    first = launching.training.champion(at=making.NOON)
    launched = launching.launch(draft, by=mara, at=making.NOON, on=TODAY)
    assert launched.scorer == first
