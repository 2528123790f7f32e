import pytest

from config.demo.planted import Effect
from config.demo.views import truth
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(known):
    campaign = making.campaign()
    making.decision(making.run(campaign, state="finished"), making.member())
    return campaign


def part(as_, ana, campaign) -> str:
    return as_(ana).get(f"/demo/truth/{campaign.ref}/", headers={"HX-Request": "true"}).content.decode()


def test_truth_is_labelled_and_signed(as_, ana, campaign, monkeypatch) -> None:
    monkeypatch.setattr(truth.planted, "effect_of", lambda _: Effect(spend=1.2, margin=-0.31))
    said = part(as_, ana, campaign)
    assert "Planted truth (simulated)" in said
    assert "−€0.31 margin" in said
    assert "+€1.20 spend" in said
    assert "<html" not in said


def test_without_a_run_it_says_that_there_is_none_yet(as_, ana, known) -> None:
    assert "no planted truth" in part(as_, ana, making.campaign())


def test_truth_of_an_offer_that_does_nothing_is_what_the_messages_cost(as_, ana, campaign) -> None:
    """Nobody of this world was sent anything, so there is nothing to gain."""
    assert "€0.00 margin" in part(as_, ana, campaign)
