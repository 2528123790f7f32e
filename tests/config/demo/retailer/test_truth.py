from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from config.demo.retailer import planted, responses, till
from config.demo.retailer.responses import Contacts, Shopping
from config.demo.retailer.truth import Truth, truth
from config.demo.retailer.world import EMAIL, World

# The simulations are made once, so their tests stay together on one core.
pytestmark = pytest.mark.xdist_group("planted truth")

LUCKS = 80
MEASURES = ("spend", "margin", "redemptions")


def _per_member(world: World, told: Shopping) -> np.ndarray:
    """Spend, margin and redemptions of each member, (3, n)."""
    member = told.baskets.member[told.lines.basket]
    redeemers = told.baskets.member[till.redeemed(told.lines)]
    return np.stack(
        [
            np.bincount(member, told.lines.net / 100, len(world)),
            np.bincount(member, told.lines.margin / 100, len(world)),
            np.bincount(redeemers, minlength=len(world)),
        ]
    )


def _changes(world: World, campaigns: Sequence[Contacts], *, days: int = 14) -> np.ndarray:
    """What each campaign changes for each member in one telling after the other, (campaigns, lucks, 3, n)."""
    since = int(campaigns[0].day[0])

    def tell(sent: Contacts, luck: int) -> np.ndarray:
        again = replace(world, luck=luck)
        return _per_member(world, responses.shopping(again, sent, since=since, until=since + days))

    untreated = [tell(responses.nobody(), luck) for luck in range(LUCKS)]
    return np.array([[tell(sent, luck) - untreated[luck] for luck in range(LUCKS)] for sent in campaigns])


def _of_kind(world: World, kind: int) -> Contacts:
    """Every member who would respond to some offer in this way is sent such an offer."""
    kinds = planted.kinds(world, np.arange(len(world))[:, None], np.arange(len(world.offers))[None, :]) == kind
    member = np.flatnonzero(kinds.any(axis=1))
    offer = (kinds * world.fixed("any of them", np.arange(kinds.size)).reshape(kinds.shape)).argmax(axis=1)[member]
    return Contacts.at_once(member, offer, day=world.end - 28, channel=EMAIL)


@pytest.fixture(scope="module")
def by_kind(world: World) -> list[Contacts]:
    return [_of_kind(world, kind) for kind in range(4)]


@pytest.fixture(scope="module")
def simulated_by_kind(world: World, by_kind: list[Contacts]) -> np.ndarray:
    return _changes(world, by_kind)


@pytest.fixture(scope="module")
def simulated(world: World, campaign: Contacts) -> np.ndarray:
    """(lucks, 3, n)"""
    return _changes(world, [campaign])[0]


@pytest.fixture(scope="module")
def planned(world: World, campaign: Contacts) -> Truth:
    return truth(world, campaign.member, campaign.offer, sent=campaign.day)


def _require_same_mean(simulated: np.ndarray, expected: float) -> None:
    """Within three Monte Carlo standard errors of the mean over the tellings."""
    error = simulated.std(ddof=1) / np.sqrt(len(simulated))
    assert abs(simulated.mean() - expected) <= 3 * error + 1e-12


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("kind", range(4), ids=planted.NAMES)
def test_mean_change_is_the_planted_one_for_each_kind(
    world: World, by_kind: list[Contacts], simulated_by_kind: np.ndarray, kind: int, measure: str
) -> None:
    sent = by_kind[kind]
    expected = getattr(truth(world, sent.member, sent.offer, sent=sent.day), measure).sum()
    _require_same_mean(simulated_by_kind[kind, :, MEASURES.index(measure)].sum(axis=1), expected)


@pytest.mark.parametrize("of", ["percent", "amount", "free_item", "points", "multiplier", "service", "information"])
def test_mean_change_is_the_planted_one_for_each_kind_of_offer(
    world: World, campaign: Contacts, simulated: np.ndarray, planned: Truth, of: str
) -> None:
    given = np.array(world.offers.kinds)[campaign.offer] == of
    _require_same_mean(simulated[:, 1][:, given].mean(axis=1), planned.margin[given].mean())


def test_a_shorter_window_holds_less_of_the_effect_and_as_much_as_planned(world: World, campaign: Contacts) -> None:
    simulated = _changes(world, [campaign], days=5)[0, :, 0].mean(axis=1)
    planned = truth(world, campaign.member, campaign.offer, sent=campaign.day, days=5).spend.mean()
    _require_same_mean(simulated, planned)
    assert planned < 0.7 * truth(world, campaign.member, campaign.offer, sent=campaign.day).spend.mean()


def test_persuadables_spend_more_and_sleeping_dogs_less(world: World, campaign: Contacts, planned: Truth) -> None:
    found = planted.kinds(world, campaign.member, campaign.offer)
    assert planned.spend[found == planted.PERSUADABLE].min() > 0
    assert planned.spend[found == planted.SLEEPING_DOG].mean() < -1
    assert planned.spend[found == planted.SURE_THING].mean() < 0
    assert not planned.spend[found == planted.LOST_CAUSE].any()


def test_no_message_has_no_effect(world: World) -> None:
    nobody = truth(world, np.arange(50), np.full(50, -1), sent=world.end)
    assert not np.any(nobody)


def test_truth_of_a_pair_does_not_depend_on_the_other_pairs(world: World, campaign: Contacts, planned: Truth) -> None:
    chosen = campaign.take(np.arange(0, len(campaign), 37))
    alone = truth(world, chosen.member, chosen.offer, sent=chosen.day)
    assert np.array_equal(alone.margin, planned.margin[::37])
