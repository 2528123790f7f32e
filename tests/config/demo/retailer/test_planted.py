import numpy as np
import pytest

from config.demo.retailer import planted
from config.demo.retailer.chance import Floats
from config.demo.retailer.world import World


@pytest.fixture(scope="module")
def kinds(world: World) -> np.ndarray:
    return planted.kinds(world, np.arange(len(world))[:, None], np.arange(len(world.offers))[None, :])


def _quarters(trait: Floats, holds: np.ndarray) -> tuple[float, float]:
    """Share that holds in the lowest and in the highest quarter of a trait."""
    low, high = np.quantile(trait, [0.25, 0.75])
    return float(holds[trait <= low].mean()), float(holds[trait >= high].mean())


def test_the_four_kinds_come_in_their_stated_shares(kinds: np.ndarray) -> None:
    shares = np.bincount(kinds.ravel(), minlength=4) / kinds.size
    assert np.allclose(shares, planted.STATED_SHARES, atol=0.02)


def test_a_pair_is_of_the_same_kind_however_it_is_asked(world: World, kinds: np.ndarray) -> None:
    assert planted.kinds(world, np.array([17]), np.array([4]))[0] == kinds[17, 4]


def test_liking_the_department_makes_persuadable(world: World, kinds: np.ndarray) -> None:
    of_a_department = np.flatnonzero(world.offers.department >= 0)
    liking = planted.interest(world, np.arange(len(world))[:, None], of_a_department[None, :])
    low, high = _quarters(liking, kinds[:, of_a_department] == planted.PERSUADABLE)
    assert high > 2 * low


def test_looking_at_prices_makes_persuadable(world: World, kinds: np.ndarray) -> None:
    low, high = _quarters(world.traits.sensitivity, kinds == planted.PERSUADABLE)
    assert high > 1.4 * low


def test_shopping_often_makes_a_sure_thing(world: World, kinds: np.ndarray) -> None:
    low, high = _quarters(world.traits.rate, kinds == planted.SURE_THING)
    assert high > 2 * low


def test_weariness_makes_a_sleeping_dog(world: World, kinds: np.ndarray) -> None:
    low, high = _quarters(world.traits.weariness, kinds == planted.SLEEPING_DOG)
    assert high > 4 * low


def test_a_generous_kind_persuades_more_than_mere_news(world: World, kinds: np.ndarray) -> None:
    by_kind = np.array(world.offers.kinds)
    persuaded = kinds == planted.PERSUADABLE
    assert persuaded[:, by_kind == "percent"].mean() > 1.3 * persuaded[:, by_kind == "information"].mean()


def test_the_item_lies_in_the_department_of_the_offer(world: World) -> None:
    member = np.arange(len(world))
    offer = np.full(len(world), int(np.flatnonzero(world.offers.department == 5)[0]))
    assert (world.catalogue.department[planted.item(world, member, offer)] == 5).all()
