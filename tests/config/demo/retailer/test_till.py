import numpy as np

from config.demo.retailer import till
from config.demo.retailer.chance import Ints
from config.demo.retailer.purchases import Baskets, Lines
from config.demo.retailer.world import World

BAKERY = 1


def _product_of(world: World, department: int) -> int:
    return int(np.flatnonzero(world.catalogue.department == department)[0])


def _offer(world: World, name: str) -> int:
    return next(position for position, offer in enumerate(world.offers.listing) if offer["name"] == name)


def _basket(offer: int) -> Baskets:
    none = np.array([-1])
    zero = np.array([0])
    return Baskets(member=zero, day=zero, trip=zero, page=zero, item=none, offer=np.array([offer]))


def _lines(product: list[int], net: list[int], quantity: list[int] | None = None) -> Lines:
    count = len(net)
    money = np.array(net)
    nothing: Ints = np.zeros(count, np.int64)
    return Lines(
        basket=nothing,
        number=np.arange(count),
        product=np.array(product),
        quantity=np.array(quantity or [1] * count),
        net=money,
        discount=nothing,
        margin=money // 3,
        offer=nothing - 1,
    )


def test_percent_comes_off_the_lines_of_its_department_only(world: World) -> None:
    bread, milk = _product_of(world, BAKERY), _product_of(world, BAKERY + 1)
    after = till.redeem(
        world, _basket(_offer(world, "20% off the bakery")), _lines([bread, milk, bread], [200, 300, 153])
    )
    assert after.net.tolist() == [160, 300, 122]  # 20 % of 1.53 is 0.306
    assert after.discount.tolist() == [40, 0, 31]
    assert (after.offer >= 0).tolist() == [True, False, True]


def test_amount_is_shared_over_the_lines_without_losing_a_cent(world: World) -> None:
    after = till.redeem(world, _basket(_offer(world, "€2 off when you spend €20")), _lines([0, 0, 0], [700, 701, 702]))
    assert after.discount.sum() == 200
    assert after.discount.max() - after.discount.min() <= 1


def test_amount_is_at_most_what_the_lines_cost(world: World) -> None:
    bread = _product_of(world, BAKERY)
    after = till.redeem(world, _basket(_offer(world, "€1 off the bakery")), _lines([bread], [69]))
    assert after.net.tolist() == [0]


def test_nothing_comes_off_below_the_minimum_spend(world: World) -> None:
    after = till.redeem(world, _basket(_offer(world, "€2 off when you spend €20")), _lines([0, 0], [999, 1000]))
    assert after.discount.tolist() == [0, 0]
    assert len(till.redeemed(after)) == 0


def test_minimum_spend_is_reached_to_the_cent(world: World) -> None:
    after = till.redeem(world, _basket(_offer(world, "€2 off when you spend €20")), _lines([0, 0], [1000, 1000]))
    assert after.discount.tolist() == [100, 100]


def test_a_returned_line_gets_no_discount_and_does_not_count_against_the_minimum(world: World) -> None:
    bought = _lines([0, 0], [2000, -500], [1, -1])
    after = till.redeem(world, _basket(_offer(world, "€2 off when you spend €20")), bought)
    assert after.net.tolist() == [1800, -500]


def test_points_are_redeemed_without_a_discount(world: World) -> None:
    after = till.redeem(world, _basket(_offer(world, "100 extra points on your next shop")), _lines([0], [500]))
    assert after.net.tolist() == [500]
    assert till.redeemed(after).tolist() == [0]


def test_information_is_never_redeemed(world: World) -> None:
    offer = world.offers.kinds.index("information")
    after = till.redeem(world, _basket(offer), _lines([0], [500]))
    assert len(till.redeemed(after)) == 0


def test_margin_falls_by_the_discount(world: World) -> None:
    bought = _lines([0, 0], [1500, 1500])
    after = till.redeem(world, _basket(_offer(world, "10% off your whole shop")), bought)
    assert (bought.margin - after.margin).tolist() == [150, 150]


def test_a_basket_without_an_offer_stays_as_it_is(world: World) -> None:
    bought = _lines([0, 5], [1500, 1500])
    after = till.redeem(world, _basket(-1), bought)
    assert after.net.tolist() == bought.net.tolist()
    assert after.offer.tolist() == [-1, -1]
